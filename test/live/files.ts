import { lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { filesSchema } from '../../src/output/schemas/files-schema.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { countsOf, kernelFrom, setPool, smallest } from './support/machine.ts'
import { mounted, mountOn, sleeping, stop } from './support/mounted.ts'
import { patience } from './support/needs.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import { hugepool, hugepoolJson, run, startWithInput, until, within } from './support/program.ts'
import { isHeldUp, killTraced, startTraced, temporaryDirectory } from './support/trace.ts'
import { animal, fileFor } from './support/zoo.ts'

const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
/** It takes half a minute under emulation. */
const raced = liveOn('pools that can be set', 'processes: holders')
const withUsers = liveOn('pools that can be set', 'processes: users')
const withTracing = liveOn('pools that can be set', 'processes: tracing')

const pool = 24
const whole = { total: pool, free: pool, reserved: 0, surplus: 0 }

const comer = (): string => join(dirname(process.env.HUGEPOOL_TEST_HOLDER ?? ''), 'comer')

/** Starts what comes for files, once it has begun; `ended` gives what it printed at its end. */
const startComer = async (...words: readonly string[]) => {
  const child = startWithInput([comer(), ...words])
  let out = ''
  child.stdout.on('data', (text: string) => {
    out += text
  })
  await until('the comer', () => out.includes('ready'))
  const closed = new Promise((done) => child.once('close', done))
  const ended = async () => {
    child.stdin.end()
    await closed
    return out.replace('ready\n', '')
  }
  return { pid: child.pid ?? 0, ended }
}

/** Makes a file with a page and leaves it. */
const leave = async (file: string): Promise<string> => {
  const { release } = await hold(smallest, { pages: 1, touch: 1, sharing: 'shared', file })
  await release()
  return file
}

type Files = z.output<typeof filesSchema>

const namesIn = (directory: string) => readdirSync(directory).sort()

const statesIn = ({ files }: Files, directory: string) =>
  Object.fromEntries(
    files
      .filter(({ path }) => path.startsWith(`${directory}/`))
      .map(({ path, state }) => [path.slice(directory.length + 1), state]),
  )

const cleanAll = (...words: readonly string[]) =>
  hugepoolJson(filesSchema, 'files', ...words, '--clean', '--older', '0s', '--yes')

live('each state, and what nobody has is removed', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  for (const name of ['rtemap_0', 'kept', 'mapped', 'open', 'locked'])
    await leave(`${directory}/${name}`)
  const mapped = { pages: 1, touch: 1, sharing: 'shared', file: `${directory}/mapped` } as const
  const { pid } = await hold(smallest, mapped)
  const open = await sleeping(['sh', '-c', `exec "$@" 3<${directory}/open`, 'sh'])
  const locking = await startComer('lock', `${directory}/locked`, 'flock')
  const { document } = await hugepoolJson(filesSchema, 'files', directory)
  t.strictSame(statesIn(document, directory), {
    kept: 'left',
    locked: 'open',
    mapped: 'mapped',
    open: 'open',
    rtemap_0: 'left',
  })
  t.strictSame(
    document.files.map(({ users }) => users),
    [[], [locking.pid], [pid], [open.child.pid], []],
  )
  t.strictSame(document.files.at(-1)?.program, 'DPDK (prefix rte)')
  t.equal((await hugepool('files', directory, '--clean')).status, 0, 'all are young')
  t.equal((await hugepool('files', directory, '--clean', '--older', '0s')).status, 2)
  const cleaned = await cleanAll(directory, '--keep', 'k*')
  t.equal(cleaned.status, 0)
  t.hasStrict(cleaned.document, {
    removed: [`${directory}/rtemap_0`],
    notRemoved: [],
    returned: { pages: 1n, reservations: 0n, leftPool: 0n },
  })
  t.strictSame(namesIn(directory), ['kept', 'locked', 'mapped', 'open'])
})

live('a file of another mount namespace is removed there', async (t) => {
  setPool(smallest, pool)
  const directory = temporaryDirectory()
  const script = `mount -t hugetlbfs -o pagesize=${smallest} none ${directory}; exec "$@"`
  const { child } = await sleeping(['unshare', '-m', 'sh', '-euc', script, 'sh'])
  const there = `/proc/${child.pid}/root${directory}`
  await leave(`${there}/left`)
  t.equal(countsOf(smallest).free, pool - 1)
  const { status, document } = await cleanAll()
  t.equal(status, 0)
  t.strictSame(document.removed, [`${directory}/left`])
  t.strictSame([namesIn(there), countsOf(smallest)], [[], whole])
})

live('files of a mount that lies over another one stay, and hidden ones too', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  await leave(`${directory}/hidden`)
  await mountOn(directory)
  await leave(`${directory}/over`)
  const { status, document } = await cleanAll()
  t.equal(status, 0)
  t.strictSame(
    [document.removed, document.kept],
    [[], [{ path: `${directory}/over`, reason: 'covers' }]],
  )
  t.equal(countsOf(smallest).free, pool - 2)
})

withUsers('without privilege locks are seen, and what is not known is unknown', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(',mode=755')
  mkdirSync(`${directory}/closed`, { mode: 0o700 })
  await leave(`${directory}/closed/file`)
  const kinds = ['flock', 'posix', 'ofd', ...(kernelFrom('7.0') ? [] : ['lease'])]
  for (const name of [...kinds, 'held', 'left']) await leave(`${directory}/${name}`)
  for (const kind of kinds) await startComer('lock', `${directory}/${kind}`, kind)
  const held = { pages: 1, touch: 1, sharing: 'shared', file: `${directory}/held` } as const
  await hold(smallest, held)
  const { out } = await asNobody(readableCopy(), 'files', directory, '-rno', 'STATE,PATH')
  t.strictSame(out.trim().split('\n').sort(), [
    ...kinds.map((kind) => `locked ${directory}/${kind}`).sort(),
    `unknown ${directory}/held`,
    `unknown ${directory}/left`,
  ])
})

/** What is below a directory, by inode: a file that was set aside keeps its inode. */
const inodesIn = (directory: string) =>
  new Map(namesIn(directory).map((name) => [lstatSync(join(directory, name)).ino, name]))

/** Rounds of cleaning; an emulated processor has time for few. */
const rounds = Math.floor(200 / patience)

/** Microseconds: how fast the other process comes and goes, beside rounds that take longer here. */
const longestWait = 3000 * patience

raced('while another process comes for files none that it has is removed', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const { ended } = await startComer(`${Math.log2(smallest)}`, directory, '14', `${longestWait}`)
  let removed = 0
  const others = new Set<number | null>()
  for (let round = 0; round < rounds; round += 1) {
    const words = ['files', directory, '--clean', '--older', '0s', '--yes', '--json']
    const { status, out, err } = await within(words)
    if (status !== 0 && status !== 64) t.fail(`round ${round}: ${err}`)
    others.add(status)
    removed += (JSON.parse(out) as { removed: readonly string[] }).removed.length
  }
  const [, had, lost, late, wrong] =
    /^had (\d+) lost (\d+) late (\d+) wrong (\d+)\n$/.exec(await ended())?.map(Number) ?? []
  t.comment(`${removed} removed; had ${had}, late ${late}`)
  t.ok(removed > rounds / 2 && Number(had) > rounds, 'both were at work')
  t.strictSame([lost, wrong], [0, 0], 'no file that it had was removed or changed')
  // Who opens by a name that is just taken away can have a file without one, as with any unlink(2).
  t.ok(Number(late) <= 1 + removed / 100, `${late} came too late`)
  await cleanAll(directory)
  t.strictSame([namesIn(directory), countsOf(smallest)], [[], whole], 'what was left is gone')
})

/**
 * Kills hugepool with -9 as it makes a call for the n-th time. Of fcntl(2) only those of a file that
 * is set aside count: Node makes many others.
 */
const killAt = async (call: string, nth: number, directory: string) => {
  const aside = [...inodesIn(directory)].map(
    ([inode, name]) => `${directory}/.hugepool-${inode}-${name}`,
  )
  const filter = call === 'fcntl' ? aside.flatMap((path) => ['-P', path]) : []
  const rules = ['-e', `trace=${call}`, '-e', `inject=${call}:delay_enter=60s:when=${nth}`]
  const words = ['files', directory, '--clean', '--older', '0s', '--yes']
  const running = startTraced(['--seccomp-bpf', '-o', '/dev/null', ...filter, ...rules], words)
  let since = performance.now()
  // A call that is not held up stops for a moment too: until its tracer gets a processor.
  await until(`${call} ${nth}`, () => {
    if (!isHeldUp(running)) since = performance.now()
    return performance.now() - since > 300
  })
  return killTraced(running)
}

/** Of each file a signal is set and a lease asked for, which 7.0 refuses: else it is looked at. */
const atLeases = kernelFrom('7.0')
  ? ([['fcntl', 4, 1]] as const)
  : ([
      ['fcntl', 3, 0],
      ['fcntl', 5, 1],
    ] as const)

/**
 * Where it is killed, and how many of two files are gone by then: at its own two locks, those of the
 * directory and of each file, the renames, the leases and the ends of the names.
 */
const steps = [
  ...[1, 2, 3, 4, 5].map((nth) => ['flock', nth, 0] as const),
  ['renameat2', 1, 0],
  ['renameat2', 2, 0],
  ['fcntl', 1, 0],
  ['fcntl', 2, 0],
  ...atLeases,
  ['unlink', 1, 0],
  ['unlink', 2, 1],
] as const

withTracing('kill -9 at any step loses nothing', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  for (const [call, nth, gone] of steps) {
    await leave(`${directory}/a`)
    await leave(`${directory}/b`)
    const before = inodesIn(directory)
    t.equal((await killAt(call, nth, directory)).signal, 'SIGKILL', `${call} ${nth}`)
    const left = inodesIn(directory)
    t.equal(left.size, 2 - gone)
    t.strictSame(
      [...left.keys()].filter((inode) => !before.has(inode)),
      [],
      'the files are those that were there',
    )
    const [[inode = 0, name = ''] = []] = [...left].reverse()
    const user = await sleeping(['sh', '-c', `exec "$@" 3<${directory}/${name}`, 'sh'])
    const { status } = await cleanAll(directory)
    t.equal(status, 0)
    const own = before.get(inode) ?? ''
    t.strictSame([...inodesIn(directory)], [[inode, own]], 'what somebody has has its name')
    await stop(user)
    await cleanAll(directory)
    t.strictSame([namesIn(directory), countsOf(smallest)], [[], whole], 'and what nobody has goes')
  }
})

withUsers('where /proc hides processes an ordinary user is told nothing is left', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  await leave(`${directory}/left`)
  const place = readableCopy()
  const script = 'mount --make-rprivate /; mount -t proc -o hidepid=2 none /proc; exec "$@"'
  const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  const program = [process.execPath, `${place}/bin/hugepool.js`]
  const { out, err } = await run([
    ...['unshare', '-m', 'sh', '-euc', script, 'sh'],
    ...[...nobody, ...program, 'files', directory, '-rno', 'STATE,PATH'],
  ])
  t.equal(out, `unknown ${directory}/left\n`)
  t.match(err, 'hides')
})

live('files with any kind of lock stay', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const kinds = ['flock', 'ofd', 'posix'] as const
  for (const name of [...kinds, 'left']) await leave(`${directory}/${name}`)
  const comers = []
  for (const kind of kinds) comers.push(await startComer('lock', `${directory}/${kind}`, kind))
  const { document } = await cleanAll(directory)
  t.strictSame(document.removed, [`${directory}/left`])
  t.strictSame(namesIn(directory), [...kinds])
  for (const { ended } of comers) await ended()
})

live('files of a mount namespace that no process is in are shown, and stay', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const holder = await animal('mount-kept', 3, fileFor(directory, 'mount-kept'))
  const { status, document } = await hugepoolJson(filesSchema, 'files')
  t.equal(status, 0)
  const shown = document.files.map(({ reachable, pages }) => [reachable, Number(pages)])
  t.strictSame(shown, [[false, 3]])
  const cleaned = await hugepoolJson(filesSchema, 'files', '--clean', '--yes', '--older', '0s')
  t.equal(cleaned.status, 0)
  t.strictSame(
    cleaned.document.kept?.map(({ reason }) => reason),
    ['unreached'],
  )
  t.equal(countsOf(smallest).free, pool - 3)
  await holder.release()
})

live('a file of a mount that only a descriptor leads to is removed as others are', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const holder = await animal('mount-nowhere', 3, fileFor(directory, 'mount-nowhere'))
  const { document } = await hugepoolJson(filesSchema, 'files', '--clean', '--yes', '--older', '0s')
  const [file] = document.files
  t.match(file?.reachedBy, /^\/proc\/\d+\/fd\/\d+\/left$/)
  const isSeen = file?.state === 'left'
  t.strictSame(document.removed, isSeen ? ['/left'] : [])
  t.equal(countsOf(smallest).free, pool - (isSeen ? 0 : 3))
  await holder.release()
})
