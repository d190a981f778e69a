import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { nodesDirectory, writeNumber } from './machine.ts'
import { inPieces, wholeBlocks } from './needs.ts'
import { until } from './program.ts'

/**
 * The node whose memory stays in pieces: what lies between them cannot be moved. What lies beside
 * them can, so that compaction may free a few dozen pages here as well.
 */
export const fixed = 0
/** The node whose memory is made whole by compaction. */
export const movable = 1

const pidFile = `/run/scatter/${movable}.pid`

/** Nobody may wait for it: then it stays as a zombie. */
const hasEnded = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}

/** Ends what breaks up the memory of node 1. */
const endScatter = async (): Promise<void> => {
  const pid = Number(readFileSync(pidFile, 'utf8'))
  if (hasEnded(pid)) return
  process.kill(pid, 'SIGKILL')
  await until('the end of scatter', () => hasEnded(pid))
}

/** Gives node 1 its memory back in whole blocks. */
export const makeWhole = async (): Promise<void> => {
  await endScatter()
  writeNumber(`${nodesDirectory}/node${movable}/compact`, 1)
}

/** Breaks up the memory of node 1 again where a test before has made it whole. */
export const breakUp = async (): Promise<void> => {
  if (inPieces(wholeBlocks()[movable] ?? 0)) return
  await endScatter()
  // As test/vm/prepare/fragmented starts it.
  const child = spawn('./scatter', [`${movable}`, '24'], { stdio: ['ignore', 'pipe', 'inherit'] })
  writeFileSync(pidFile, `${child.pid}`)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.unref()
}
