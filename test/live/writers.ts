import { once } from 'node:events'
import { liveOn } from './support/live.ts'
import { persistentOf, setPool, sizeName, smallest } from './support/machine.ts'
import { root, startWithInput } from './support/program.ts'

const live = liveOn('room', 'processes: users')
const locking = liveOn('pools that can be set', 'processes: locks')

const rounds = 100

/** Says that it is there, then for each piece of input runs a command line and says its status. */
const writerScript = `
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runInThisContext } from 'node:vm'
const [root, ...words] = process.argv.slice(1)
const say = () => undefined
const streams = { out: say, err: say, outIsTerminal: false, errIsTerminal: false, environment: {} }
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
const { main } = program
console.log('ready')
for await (const go of process.stdin) console.log(await main(words, { streams, loadNative }))
`

/**
 * A process that runs the built program's `main` once for each call of what it gives, for a process
 * for each would take a second under emulation; so would its first calls without --jitless.
 */
const readyWriter = async (
  before: readonly string[],
  ...words: readonly string[]
): Promise<() => Promise<string>> => {
  const node = [process.execPath, '--jitless', '--input-type=module', '-e', writerScript]
  const { stdin, stdout } = startWithInput([...before, ...node, root, ...words])
  const answer = async () => String((await once(stdout, 'data'))[0]).trim()
  await answer()
  return () => {
    stdin.write('go\n')
    return answer()
  }
}

live(`two writers at once never lose a page, ${rounds} times`, async (t) => {
  setPool(smallest, 0)
  const words = ['resize', `${sizeName(smallest)}=+1`, '--json']
  const writers = await Promise.all([readyWriter([], ...words), readyWriter([], ...words)])
  const statuses: string[] = []
  for (let round = 0; round < rounds; round += 1)
    statuses.push(...(await Promise.all(writers.map((write) => write()))))
  t.strictSame(
    statuses,
    statuses.map(() => '0'),
    'every call is done',
  )
  t.equal(persistentOf(smallest), 2 * rounds, 'and every page is there')
})

/** Mounts of its own, with an empty /run. */
const apart = ['unshare', '-m', 'sh', '-euc', 'mount -t tmpfs none /run\nexec "$@"', 'sh']

locking(`six writers at once add up, three with another /run, ${rounds} times`, async (t) => {
  const words = ['resize', `${sizeName(smallest)}=+3`, '--json']
  const places = [[], apart, [], apart, [], apart]
  const writers = await Promise.all(places.map((place) => readyWriter(place, ...words)))
  const totals: number[] = []
  const statuses = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    setPool(smallest, 0)
    for (const status of await Promise.all(writers.map((write) => write()))) statuses.add(status)
    totals.push(persistentOf(smallest))
  }
  t.strictSame(totals, Array(rounds).fill(18))
  t.strictSame([...statuses], ['0'], 'every call is done')
})
