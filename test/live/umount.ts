import { mkdirSync, symlinkSync } from 'node:fs'
import { errorSchema } from '../../src/output/schemas/parts.ts'
import { umountDryRunSchema, umountSchema } from '../../src/output/schemas/umount-schema.ts'
import { type Holding, hold } from './support/holder.ts'
import { liveOn, snapshot } from './support/live.ts'
import { countsOf, setOvercommit, setPool, sizeName, smallest } from './support/machine.ts'
import { mounted, mountOn, mountsOn, sleeping, stop } from './support/mounted.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import { hugepool, hugepoolJson, hugepoolLine, run } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'

const anywhere = liveOn('time for what the kernel alone decides')
const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
const inProcesses = liveOn('pools that can be set', 'processes: users')

const name = sizeName(smallest)
const pool = 16
const allFree = { total: pool, free: pool, reserved: 0, surplus: 0 }
const minimum = `,min_size=${4 * smallest}`

/** Makes a file with pages and leaves it. */
const makeFile = async (file: string, pages: number): Promise<void> => {
  const { release } = await hold(smallest, { pages, touch: pages, sharing: 'shared', file })
  await release()
}

live('files and the guaranteed minimum of a mount come back', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(minimum)
  await makeFile(`${directory}/a`, 2)
  await makeFile(`${directory}/b`, 1)
  t.strictSame(countsOf(smallest), { ...allFree, free: pool - 3, reserved: 1 })
  const { status, err, document } = await hugepoolJson(umountSchema, 'umount', directory)
  t.equal(status, 0)
  t.strictSame(countsOf(smallest), allFree)
  t.equal(mountsOn(directory), 0)
  t.hasStrict(document, {
    mounts: [{ target: directory, pageSize: BigInt(smallest), files: 2n }],
    returned: { pageSize: BigInt(smallest), pages: 3n, reservations: 1n, leftPool: 0n },
    dropped: { files: 2n, pages: 3n },
  })
  t.notOk('kept' in document || 'elsewhere' in document)
  t.match(err, '2 files with 3 pages went away with it\n')
  t.match(err, `3 pages and 1 reservation came back to the pool of ${name}\n`)
})

/** What keeps a mount busy, in a process that is told by its number and name. */
const holds: Readonly<
  Record<string, (directory: string) => Promise<readonly [Pick<Holding, 'pid'>, string, string]>>
> = {
  'working directory': async (directory) => {
    const { child } = await sleeping([], directory)
    return [{ pid: child.pid ?? 0 }, 'sleep', directory]
  },
  'open file': async (directory) => {
    const file = `${directory}/open`
    const { child } = await sleeping(['sh', '-c', `: >${file}; exec "$@" 3<${file}`, 'sh'])
    return [{ pid: child.pid ?? 0 }, 'sleep', file]
  },
  mapping: async (directory) => {
    const file = `${directory}/mapped`
    return [await hold(smallest, { pages: 2, touch: 1, sharing: 'shared', file }), 'holder', file]
  },
  root: async (directory) => [
    await hold(smallest, { pages: 1, root: directory }),
    'holder',
    directory,
  ],
}

for (const [kind, begin] of Object.entries(holds))
  live(`a busy mount stays, and its holder is named: ${kind}`, async (t) => {
    setPool(smallest, pool)
    const directory = await mounted()
    const [{ pid }, command, path] = await begin(directory)
    const before = snapshot()
    const { status, out, err } = await hugepool('umount', directory)
    t.strictSame({ status, out }, { status: 1, out: '' })
    t.match(err, `hugepool: ${directory}: busy: 1 process holds it\n`)
    const kept = kind === 'mapping' ? ', 1 page' : ''
    t.match(err, `hint: process ${pid} (${command}): ${kind} ${path}${kept}\n`)
    t.equal(mountsOn(directory), 1)
    t.strictSame(snapshot(), before, 'nothing was done')
    const dry = await hugepool('umount', directory, '--dry-run')
    t.strictSame(dry, { ...dry, status, out, err }, 'a dry run refuses as the real one does')
    const { document } = await hugepoolJson(errorSchema, 'umount', directory, '--dry-run')
    t.hasStrict(document.error.holders, [{ pid, command, holds: kind, path }])
    const lazy = await hugepool('umount', directory, '--dry-run', '--lazy')
    t.equal(lazy.status, 0)
    t.match(lazy.err, `hint: process ${pid} (${command}): ${kind} ${path}${kept}\n`)
  })

liveOn('processes: privilege')('of many holders ten are named', async (t) => {
  const directory = await mounted()
  for (let count = 0; count < 12; count += 1) await sleeping([], directory)
  const { status, err } = await hugepool('umount', directory)
  t.equal(status, 1)
  t.match(err, 'busy: 12 processes hold it\n')
  t.equal(err.match(/^hint: process (?!.*could not be looked into)/gm)?.length, 10)
  t.match(err, `hint: and 2 more, which 'hugepool who --mount ${directory}' shows\n`)
})

live('after --lazy a file system lives on until its last user ends', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(minimum)
  await makeFile(`${directory}/idle`, 2)
  const file = `${directory}/mapped`
  const holding = await hold(smallest, { pages: 2, touch: 1, sharing: 'shared', file })
  const before = countsOf(smallest)
  t.strictSame(before, { ...allFree, free: pool - 3, reserved: 1 })
  const dry = await hugepoolJson(umountDryRunSchema, 'umount', directory, '--lazy', '--dry-run')
  t.strictSame(dry.document.commands, [`umount -l ${directory}`])
  t.match(dry.err, `hint: process ${holding.pid} (holder): mapping ${file}, 1 page\n`)
  t.match(dry.err, `${directory}: it would live on, with 2 files with 3 pages\n`)
  t.notOk('dropped' in dry.document)
  const { status, err, document } = await hugepoolJson(umountSchema, 'umount', directory, '--lazy')
  t.equal(status, 0)
  t.equal(mountsOn(directory), 0, 'no mount table shows it')
  t.strictSame(countsOf(smallest), before, 'pages and the rest of the minimum stay')
  const pid = holding.pid
  t.strictSame(document.kept, [{ pid, command: 'holder', holds: 'mapping', path: file, pages: 1n }])
  t.match(document.returned, { pages: 0n, reservations: 0n })
  t.notOk('dropped' in document)
  t.match(err, 'in use by 1 process: it lives on, in no mount table, until it lets go\n')
  t.match(err, 'it keeps 2 files with 3 pages and what is left of its minimum size\n')
  await holding.release()
  t.strictSame(countsOf(smallest), allFree, 'then all of it comes back')
})

live('a dry run tells what would be destroyed', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(minimum)
  await makeFile(`${directory}/a`, 2)
  await makeFile(`${directory}/b`, 1)
  const { status, err, document } = await hugepoolJson(
    umountDryRunSchema,
    'umount',
    directory,
    '--dry-run',
  )
  t.equal(status, 0)
  t.match(err, `${directory}: 2 files with 3 pages would be destroyed\n`)
  t.match(err, `${directory}: the 1 page of its minimum size would no longer be reserved\n`)
  t.strictSame(document.dropped, { files: 2n, pages: 3n })
  t.equal(document.mounts[0]?.used, BigInt(3 * smallest), 'without a limit its files are counted')
})

live('pages of a pool that was shrunk meanwhile leave it', async (t) => {
  setPool(smallest, 8)
  const directory = await mounted()
  await makeFile(`${directory}/a`, 8)
  setPool(smallest, 3)
  const dry = await hugepool('umount', directory, '--dry-run')
  t.match(dry.err, `up to 5 surplus pages would leave the pool of ${name} for the rest of memory\n`)
  const { err, document } = await hugepoolJson(umountSchema, 'umount', directory)
  t.match(document.returned, { pages: 8n, leftPool: 5n })
  t.match(err, `3 pages came back to the pool of ${name}\n`)
  t.match(err, `5 surplus pages left the pool of ${name} for the rest of memory\n`)
})

live('--lazy without users is as good as without it', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(minimum)
  await makeFile(`${directory}/a`, 1)
  const { document } = await hugepoolJson(umountSchema, 'umount', '--lazy', directory)
  t.strictSame(document.kept, [])
  t.hasStrict(document, {
    returned: { pages: 1n, reservations: 3n },
    dropped: { files: 1n, pages: 1n },
  })
  t.strictSame(countsOf(smallest), allFree)
})

anywhere('what is no hugetlbfs mount is refused', async (t) => {
  const directory = await mounted()
  mkdirSync(`${directory}/sub`)
  const other = await mountOn(temporaryDirectory(), 'rw', 'tmpfs')
  const link = `${other}/link`
  symlinkSync(directory, link)
  const before = snapshot()
  const cases: readonly (readonly [path: string, status: number, words: string])[] = [
    [other, 1, `${other}: tmpfs is mounted there, not hugetlbfs\n`],
    [link, 1, `${link}: is a symbolic link\n`],
    [`${link}/`, 1, `${link}: is a symbolic link\n`],
    [`${directory}/sub`, 4, `nothing is mounted there\nhint: it lies in the mount ${directory}\n`],
    [`${other}/missing/x`, 4, 'nothing is mounted there\n'],
    ['/proc', 1, '/proc: proc is mounted there, not hugetlbfs\n'],
  ]
  for (const [path, expected, words] of cases) {
    const { status, err } = await hugepool('umount', path)
    t.equal(status, expected, path)
    t.match(err, words)
  }
  t.equal(mountsOn(directory), 1)
  await mountOn(`${directory}/sub`, 'rw', 'tmpfs')
  const { status, err } = await hugepool('umount', directory, '--lazy')
  t.equal(status, 1, 'nor is one with a tmpfs in it, which --lazy would take along')
  t.match(err, `something is mounted in it: ${directory}/sub\n`)
  t.equal(mountsOn(`${directory}/sub`), 1)
  t.strictSame(snapshot(), before)
})

live('of mounts on one directory the topmost goes', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  await makeFile(`${directory}/below`, 1)
  await mountOn(directory, `pagesize=${smallest}`)
  const first = await hugepool('umount', `${directory}//`)
  t.equal(first.status, 0)
  t.match(first.err, 'the hugetlbfs that it hid is there now\n')
  t.equal(mountsOn(directory), 1)
  t.equal(countsOf(smallest).free, pool - 1, 'the one below is as it was')
  t.equal((await hugepool('umount', directory)).status, 0)
  t.equal((await hugepool('umount', directory)).status, 4)
})

anywhere('the line of a dry run, run by sh, does it', async (t) => {
  const directory = `${temporaryDirectory()}/it's a "$HOME"`
  mkdirSync(directory)
  await mountOn(directory, `pagesize=${smallest}`)
  const { out } = await hugepool('umount', directory, '--dry-run')
  t.equal((await run(['sh', '-euc', out])).status, 0)
  t.equal((await hugepool('umount', directory)).status, 4, 'it is gone')
})

live('a file system that is mounted elsewhere too keeps its pages', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(minimum)
  await makeFile(`${directory}/a`, 1)
  const before = countsOf(smallest)
  const second = temporaryDirectory()
  t.equal((await run(['mount', '--bind', directory, second])).status, 0)
  const first = await hugepoolJson(umountSchema, 'umount', directory)
  t.strictSame(first.document.elsewhere, [{ target: second }])
  t.strictSame(countsOf(smallest), before)
  const namespace = await sleeping(['unshare', '-m', '--propagation', 'private'])
  const { status, err, document } = await hugepoolJson(umountSchema, 'umount', second)
  t.equal(status, 0)
  t.strictSame(document.elsewhere, [{ target: second, pid: namespace.child.pid }])
  t.notOk('dropped' in document)
  t.match(err, `in the mount namespace of process ${namespace.child.pid} (sleep)\n`)
  t.match(err, 'it keeps 1 file with 1 page and what is left of its minimum size\n')
  t.strictSame(countsOf(smallest), before)
  await stop(namespace)
})

/** How the mounts of another mount namespace receive what happens here, and what is left then. */
const propagations = [
  ['private', 'stays', 'kept'],
  ['slave', 'goes', 'destroyed'],
  ['shared', 'goes', 'destroyed'],
] as const

for (const [propagation, place, fate] of propagations)
  live(`a dry run tells what becomes of a mount namespace: ${propagation}`, async (t) => {
    setPool(smallest, pool)
    const above = await mountOn(temporaryDirectory(), 'rw', 'tmpfs')
    t.equal((await run(['mount', '--make-shared', above])).status, 0)
    const directory = `${above}/huge`
    mkdirSync(directory)
    await mountOn(directory, `pagesize=${smallest}${minimum}`)
    await makeFile(`${directory}/a`, 2)
    const namespace = await sleeping(['unshare', '-m', '--propagation', propagation])
    const { pid } = namespace.child
    const dry = await hugepoolJson(umountDryRunSchema, 'umount', directory, '--dry-run')
    t.strictSame(dry.document.elsewhere, [{ target: directory, pid, fate: place }])
    t.equal(dry.document.fate, fate)
    t.equal('dropped' in dry.document, fate === 'destroyed')
    t.equal('expected' in dry.document, fate === 'destroyed')
    const real = await hugepoolJson(umountSchema, 'umount', directory)
    t.equal(real.status, 0)
    t.strictSame(
      real.document.elsewhere,
      fate === 'kept' ? [{ target: directory, pid }] : undefined,
    )
    t.strictSame(real.document.dropped, dry.document.dropped, 'it was foretold')
    t.equal(countsOf(smallest).free, fate === 'kept' ? pool - 2 : pool)
    await stop(namespace)
  })

live('a process in a mount that would go along makes it busy', async (t) => {
  const above = await mountOn(temporaryDirectory(), 'rw', 'tmpfs')
  t.equal((await run(['mount', '--make-shared', above])).status, 0)
  const directory = `${above}/huge`
  mkdirSync(directory)
  await mountOn(directory, `pagesize=${smallest}`)
  const inside = ['unshare', '-m', '--propagation', 'slave', `--wd=${directory}`]
  const namespace = await sleeping(inside)
  const dry = await hugepool('umount', directory, '--dry-run')
  t.equal(dry.status, 1)
  t.match(dry.err, `hugepool: ${directory}: busy: 1 process holds it\n`)
  const real = await hugepool('umount', directory)
  t.strictSame([real.status, real.err], [dry.status, dry.err], 'as the real run')
  await stop(namespace)
})

live('a guarantee that surplus pages give leaves the pool', async (t) => {
  setPool(smallest, 0)
  setOvercommit(smallest, 4)
  const directory = await mounted(minimum)
  const dry = await hugepoolJson(umountDryRunSchema, 'umount', directory, '--dry-run')
  t.match(dry.err, `up to 4 surplus pages would leave the pool of ${name} for the rest of memory\n`)
  t.hasStrict(dry.document.expected, { pages: 0n, reservations: 4n, leavingPool: 4n })
  const { document } = await hugepoolJson(umountSchema, 'umount', directory)
  t.hasStrict(document.returned, { pages: 0n, reservations: 4n, leftPool: 4n })
})

inProcesses('relative paths, and a caller who stands in the mount', async (t) => {
  const directory = temporaryDirectory()
  mkdirSync(`${directory}/x`)
  await mountOn(`${directory}/x`, `pagesize=${smallest}`)
  const inside = await run([...hugepoolLine, 'umount', '.'], `${directory}/x`)
  t.equal(inside.status, 1)
  t.match(inside.err, new RegExp(`hint: process \\d+ \\(.*\\): working directory ${directory}/x\n`))
  t.equal((await run([...hugepoolLine, 'umount', './x/'], directory)).status, 0)
  t.equal(mountsOn(`${directory}/x`), 0)
})

inProcesses('without privilege nothing is unmounted', async (t) => {
  const directory = await mounted()
  const nobody = await asNobody(readableCopy(), 'umount', directory)
  t.strictSame([nobody.status, nobody.out], [3, ''])
  t.match(
    nobody.err,
    'operation not permitted\nhint: unmounting needs CAP_SYS_ADMIN: run it as root\n',
  )
  const own = await run(['unshare', '-Ur', ...hugepoolLine, 'umount', directory])
  t.equal(own.status, 3, 'root of a user namespace')
  t.match(own.err, "not permitted\nhint: this root is not the machine's")
  const both = await run(['unshare', '-Urm', ...hugepoolLine, 'umount', directory])
  t.equal(both.status, 1, 'with mounts of its own, which it did not make')
  t.match(both.err, 'the kernel rejects it (EINVAL)\nhint: in a user namespace only')
  t.equal(mountsOn(directory), 1)
})

inProcesses('processes that cannot be looked into are counted', async (t) => {
  const directory = await mounted()
  await sleeping([], directory)
  const without = ['setpriv', '--inh-caps=-sys_ptrace', '--bounding-set=-sys_ptrace']
  const { status, err } = await run([...without, ...hugepoolLine, 'umount', directory])
  t.equal(status, 1)
  t.match(err, 'busy, but no process was found that holds it\n')
  t.match(err, /^hint: process \d+ \(.*\) could not be looked into: (EACCES|EPERM)$/m)
})
