import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { type Boot, qemuWords } from './qemu.ts'

/** The last line that init writes to the second serial line. */
const finished = /^# finished: (\d+)$/m

const lastLines = (path: string, count: number): readonly string[] =>
  readFileSync(path, 'latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)

/** Why a guest failed that cannot say so itself; nothing where it can. */
const complaint = (results: string, status: number | null, limit: number): string | undefined => {
  if (status === 124) return `hangs: has not ended after ${limit} seconds`
  const end = finished.exec(results)
  if (end === null) return `ended without its results (emulator: ${status})`
  return end[1] === '0' || /^not ok/m.test(results) ? undefined : `its tests ended with ${end[1]}`
}

const failure = (why: string, consoleLog: string): string =>
  [
    `not ok - the guest ${why}`,
    '  ---',
    '  console: |-',
    ...lastLines(consoleLog, 60).map((line) => `    ${line}`),
    '  ...',
    '',
  ].join('\n')

export interface Guest {
  /** The TAP that the tests inside write, and a failure where the guest itself failed. */
  readonly tap: Readable
  /** Everything of it, at its end. */
  readonly text: Promise<string>
}

/** Boots a guest that runs the live tests; its console goes to a file. */
export const runGuest = (boot: Boot, consoleLog: string): Guest => {
  const tap = new PassThrough({ highWaterMark: 2 ** 26 })
  const serial = ['-serial', `file:${consoleLog}`, '-serial', 'stdio']
  const { limit } = boot.machine
  // With timeout(1) an emulator ends even where nobody is left to end it.
  const line = [
    '--foreground',
    '-k',
    '5',
    `${limit}`,
    'qemu-system-x86_64',
    ...qemuWords(boot),
    ...serial,
  ]
  const started = performance.now()
  const child = spawn('timeout', line, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  let errors = ''
  const say = (piece: string) => {
    text += piece
    tap.write(piece)
  }
  child.stdout.setEncoding('utf8').on('data', say)
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    errors += piece
  })
  const end = async () => {
    const [status] = (await once(child, 'close')) as [number | null]
    const why = complaint(text, status, limit)
    if (why !== undefined)
      say(`\n${failure(errors === '' ? why : `${why}: ${errors.trim()}`, consoleLog)}`)
    say(`# ${Math.round((performance.now() - started) / 1000)} seconds\n`)
    tap.end()
    return text
  }
  return { tap, text: end() }
}
