import {
  type ChildProcessByStdio,
  type ChildProcessWithoutNullStreams,
  spawn,
} from 'node:child_process'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Native } from '../../../src/kernel/native/native.ts'
import { main, type Outside } from '../../../src/main.ts'
import { parseExact } from '../../helpers/json.ts'
import { atEnd } from './live.ts'
import { machineName } from './needs.ts'

export { pause, until } from './wait.ts'

export const root = resolve('.')
export const hugepoolLine = [process.execPath, `${root}/bin/hugepool.js`] as const

/** The addon, for what a test does without hugepool. */
export const native = (): Native =>
  createRequire(import.meta.url)(`${root}/native/build/Release/hugepool.node`)

export interface Result {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Milliseconds from the start to each piece of stderr. */
  readonly errTimes: readonly number[]
  /** What came on stderr so far. */
  readonly errNow: () => string
  readonly result: Promise<Result>
}

const bare = { PATH: process.env.PATH, HOME: process.env.HOME ?? '/', LC_ALL: 'C' }

/**
 * Starts from nothing: tap puts its own loader into the environment of whatever is spawned, so that env(1) has
 * to take it away. In a guest there is no such loader, and one program less to start.
 */
const fromNothing =
  machineName === undefined
    ? ['env', '-i', ...Object.entries(bare).map(([name, value]) => `${name}=${value}`)]
    : []

/** Starts a program that is given lines; it is killed at the end of the test. */
export const startWithInput = (line: readonly string[]): ChildProcessWithoutNullStreams => {
  const [program = '', ...words] = [...fromNothing, ...line]
  const child = spawn(program, words, { cwd: root, env: bare })
  child.stdout.setEncoding('utf8')
  const closed = new Promise((done) => child.once('close', done))
  atEnd(async () => {
    child.kill('SIGKILL')
    await closed
  })
  return child
}

/** Starts a program; it is killed at the end of the test if it is still there. */
export const start = (line: readonly string[], cwd = root): Running => {
  const [program = '', ...words] = [...fromNothing, ...line]
  const child = spawn(program, words, { cwd, env: bare, stdio: ['ignore', 'pipe', 'pipe'] })
  const started = performance.now()
  const errTimes: number[] = []
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errTimes.push(performance.now() - started)
    err += text
  })
  const result = new Promise<Result>((done, fail) => {
    child.once('error', fail)
    child.once('close', (status, signal) => done({ status, signal, out, err }))
  })
  atEnd(async () => {
    child.kill('SIGKILL')
    await result
  })
  return { child, errTimes, errNow: () => err, result }
}

export const run = (line: readonly string[], cwd?: string): Promise<Result> =>
  start(line, cwd).result

/** Runs a command line within this process; `heard` is told each piece of stderr as it comes. */
export const within = async (
  words: readonly string[],
  rest: Partial<Outside> = {},
  heard: (piece: string) => void = () => {},
): Promise<Result> => {
  const said = { out: '', err: '' }
  const ending = await main(words, {
    streams: {
      out: (text) => {
        said.out += text
      },
      err: (text) => {
        said.err += text
        heard(text)
      },
      outIsTerminal: false,
      errIsTerminal: false,
      environment: { LC_ALL: 'C' },
    },
    loadNative: native,
    program: hugepoolLine,
    ...rest,
  })
  return typeof ending === 'number'
    ? { status: ending, signal: null, ...said }
    : { status: null, signal: ending, ...said }
}

export const hugepool = (...words: readonly string[]): Promise<Result> =>
  machineName === undefined ? run([...hugepoolLine, ...words]) : within(words)

/** Runs a script of sh with mounts of its own, of which the machine sees nothing. */
export const inOwnMounts = (script: string, ...words: readonly string[]): Promise<Result> =>
  run(['unshare', '-m', 'sh', '-euc', `${script}\nexec "$@"`, 'sh', ...hugepoolLine, ...words])

/** Runs with --json and reads the document by its schema. */
export const hugepoolJson = async <Schema extends z.ZodType>(
  schema: Schema,
  ...words: readonly string[]
): Promise<Result & { readonly document: z.output<Schema> }> => {
  const result = await hugepool(...words, '--json')
  const read = schema.safeParse(result.out === '' ? undefined : parseExact(result.out))
  if (!read.success) throw new Error(`${words.join(' ')}: ${result.err}`, { cause: read.error })
  return { ...result, document: read.data }
}
