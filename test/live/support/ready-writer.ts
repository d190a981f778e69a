import { root, startWithInput } from './program.ts'

/** What a command of such a process ended with. */
export interface Answer {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Says that it is there, then runs each line of input, the words of a command line, and answers. */
const script = `
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { runInThisContext } from 'node:vm'
const [root] = process.argv.slice(1)
const native = createRequire(root + '/')
const loadNative = () => native('./native/build/Release/hugepool.node')
const loaded = {}
const load = (name) => {
  const module = {}
  runInThisContext(readFileSync(root + '/dist/' + name, 'latin1'))(module, need)
  return module.exports
}
const need = (name) =>
  name.endsWith('.js') ? (loaded[name] ??= program.parts[name]?.() ?? load(name)) : native(name)
const program = load('hugepool.js')
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const said = { out: '', err: '' }
  const streams = {
    out: (text) => { said.out += text },
    err: (text) => { said.err += text },
    outIsTerminal: false,
    errIsTerminal: false,
    environment: {},
  }
  const status = await program.main(JSON.parse(line), { streams, loadNative })
  console.log(JSON.stringify({ status, ...said }))
}
`

/** A process that is ready to run command lines, one after the other. */
export interface ReadyWriter {
  readonly pid: number
  /** Runs a command line; undefined where the process was killed meanwhile. */
  run(words: readonly string[]): Promise<Answer | undefined>
  /** Kills it with -9. */
  kill(): void
}

/**
 * Starts a process that runs the built program's `main` for each command line that it is given, for a
 * process for each would take a second under emulation; so would its first calls without --jitless,
 * where there are few of them.
 */
export const readyWriter = async (
  before: readonly string[] = [],
  engine: readonly string[] = ['--jitless'],
): Promise<ReadyWriter> => {
  const node = [process.execPath, ...engine, '--input-type=module', '-e', script]
  const child = startWithInput([...before, ...node, root])
  let said = ''
  let heard: (line: string | undefined) => void = () => {}
  child.stdout.on('data', (piece: string) => {
    said += piece
    if (!said.endsWith('\n')) return
    heard(said)
    said = ''
  })
  child.stdin.on('error', () => {})
  child.once('close', () => heard(undefined))
  const answer = () =>
    new Promise<string | undefined>((done) => {
      heard = done
    })
  if ((await answer()) === undefined) throw new Error('a writer does not start')
  return {
    pid: child.pid ?? 0,
    run: async (words) => {
      const line = answer()
      child.stdin.write(`${JSON.stringify(words)}\n`)
      const text = await line
      return text === undefined ? undefined : JSON.parse(text)
    },
    kill: () => child.kill('SIGKILL'),
  }
}
