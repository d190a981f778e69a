import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { type Boot, tellingLine } from './qemu.ts'
import { complaint } from './verdict.ts'

const written = (text: string): readonly string[] =>
  text.split(/\r?\n/).filter((line) => line.trim() !== '')

/** The console of a guest whose emulator never began is not there. */
const consoleLines = (path: string): readonly string[] => {
  try {
    return written(readFileSync(path, 'latin1'))
  } catch (error) {
    return [`none: ${(error as Error).message}`]
  }
}

const block = (name: string, lines: readonly string[]): readonly string[] => [
  `  ${name}: |-`,
  ...lines.map((line) => `    ${line}`),
]

interface Failed {
  readonly why: string
  readonly kernel: string
  /** What the emulator said. */
  readonly errors: string
  readonly consoleLog: string
}

const failure = ({ why, kernel, errors, consoleLog }: Failed): string =>
  [
    `not ok - the guest ${why}`,
    '  ---',
    ...block('kernel', [kernel]),
    ...(errors === '' ? [] : block('emulator', written(errors))),
    ...block('console', consoleLines(consoleLog).slice(-60)),
    '  ...',
    '',
  ].join('\n')

export interface Guest {
  /** The TAP that the tests inside write, and a failure where the guest itself failed. */
  readonly tap: Readable
  /** Everything of it, at its end. */
  readonly text: Promise<string>
}

/** With timeout(1) an emulator ends even where nobody is left to end it. */
const timeLimit = (seconds: number) => ['--foreground', '-k', '5', `${seconds}`]

/** Boots a guest that runs the live tests; its console goes to a file. */
export const runGuest = (boot: Boot, consoleLog: string): Guest => {
  const tap = new PassThrough({ highWaterMark: 2 ** 26 })
  const { limit, gives } = boot.machine
  const line = [...timeLimit(limit), ...tellingLine(boot, `file:${consoleLog}`)]
  const started = performance.now()
  const child = spawn('timeout', line, { stdio: ['ignore', 'pipe', 'pipe'] })
  let results = ''
  let errors = ''
  const say = (piece: string) => {
    results += piece
    tap.write(piece)
  }
  child.stdout.setEncoding('utf8').on('data', say)
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    errors += piece
  })
  child.once('error', ({ message }) => {
    errors += message
  })
  const end = async () => {
    const status = await new Promise<number | null>((done) => child.once('close', done))
    const why = complaint({ results, status, limit, ...(gives !== undefined && { gives }) })
    if (why !== undefined) say(`\n${failure({ why, kernel: boot.kernel, errors, consoleLog })}`)
    say(`# ${Math.round((performance.now() - started) / 1000)} seconds\n`)
    tap.end()
    return results
  }
  return { tap, text: end() }
}
