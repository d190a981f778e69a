import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { inPieces, wholeBlocks } from './needs.ts'
import { until } from './program.ts'

/** The node whose memory stays in pieces: what lies between them cannot be moved. */
export const fixed = 0
/** The node whose memory is made whole by compaction. */
export const movable = 1

type Node = typeof fixed | typeof movable

/** As test/vm/prepare/fragmented starts it. */
const scatterWords = { [fixed]: ['0', '24', 'locked'], [movable]: ['1', '24'] } as const

const pidFile = (node: Node): string => `/run/scatter/${node}.pid`

const hasEnded = (pid: number): boolean => {
  const path = `/proc/${pid}/stat`
  return !existsSync(path) || readFileSync(path, 'utf8').includes(') Z ')
}

/** Ends what breaks up the memory of a node. */
export const makeWhole = async (node: Node): Promise<void> => {
  const pid = Number(readFileSync(pidFile(node), 'utf8'))
  if (hasEnded(pid)) return
  process.kill(pid, 'SIGKILL')
  await until('the end of scatter', () => hasEnded(pid))
}

const scatter = async (node: Node): Promise<void> => {
  await makeWhole(node)
  const child = spawn('./scatter', scatterWords[node], { stdio: ['ignore', 'pipe', 'inherit'] })
  writeFileSync(pidFile(node), `${child.pid}`)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.unref()
}

/** Breaks up the memory of a node again where the test before has made it whole. */
export const breakUp = async (): Promise<void> => {
  const blocks = wholeBlocks()
  const whole = ([fixed, movable] as const).filter((node) => !inPieces(blocks[node] ?? 0))
  await Promise.all(whole.map(scatter))
  if (!wholeBlocks().every(inPieces)) throw new Error(`not in pieces: ${wholeBlocks()}`)
}
