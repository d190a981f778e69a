import { once } from 'node:events'
import { liveOn } from './support/live.ts'
import { persistentOf, setPool, sizeName, smallest } from './support/machine.ts'
import { root, startWithInput } from './support/program.ts'

const live = liveOn('room', 'processes: users')

const rounds = 100

/** Says that it is there and, once stdin says go, runs a command line so many times. */
const writerScript = `
import { once } from 'node:events'
import { createRequire } from 'node:module'
const [root, rounds, ...words] = process.argv.slice(1)
const { main } = await import(root + '/dist/main.js')
const streams = {
  out: () => undefined,
  err: () => undefined,
  outIsTerminal: false,
  errIsTerminal: false,
  environment: {},
}
const load = createRequire(root + '/')
const loadNative = () => load('./native/build/Release/hugepool.node')
console.log('ready')
await once(process.stdin, 'data')
const statuses = []
const begin = Date.now()
for (let round = 0; round < Number(rounds); round += 1)
  statuses.push(await main(words, { streams, loadNative }))
console.log(JSON.stringify({ statuses, begin, end: Date.now() }))
process.exit()
`

interface Written {
  readonly statuses: readonly number[]
  /** Milliseconds of the clock. */
  readonly begin: number
  readonly end: number
}

/**
 * A process that runs the built program's `main` again and again, for a process for each call would
 * take a second under emulation; so would its first calls without --jitless. Gives what starts it.
 */
const readyWriter = async (...words: readonly string[]): Promise<() => Promise<Written>> => {
  const node = [process.execPath, '--jitless', '--input-type=module', '-e', writerScript]
  const { stdin, stdout } = startWithInput([...node, root, `${rounds}`, ...words])
  const answer = async () => String((await once(stdout, 'data'))[0])
  await answer()
  return async () => {
    stdin.write('go\n')
    return JSON.parse(await answer()) as Written
  }
}

live(`two writers at once never lose a page, ${rounds} times`, async (t) => {
  setPool(smallest, 0)
  const words = ['resize', `${sizeName(smallest)}=+1`]
  const writers = await Promise.all([readyWriter(...words), readyWriter(...words)])
  const written = await Promise.all(writers.map((write) => write()))
  const done = Array.from({ length: rounds }, () => 0)
  t.strictSame(
    written.map(({ statuses }) => statuses),
    [done, done],
    'every call is done',
  )
  const begin = Math.max(...written.map((each) => each.begin))
  t.ok(begin < Math.min(...written.map(({ end }) => end)), 'both were at it at once')
  t.equal(persistentOf(smallest), 2 * rounds, 'and every page is there')
})
