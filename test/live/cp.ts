import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { copySchema } from '../../src/output/schemas/cp-schema.ts'
import { liveOn } from './support/live.ts'
import { countsOf, memoryNodes, setPoolAlone, smallest } from './support/machine.ts'
import { mounted, mountOn } from './support/mounted.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import {
  hugepool,
  hugepoolJson,
  hugepoolLine,
  pause,
  run,
  start,
  startWithInput,
  until,
} from './support/program.ts'
import { killTraced, startTraced, temporaryDirectory, tracerOf } from './support/trace.ts'

const live = liveOn('room', 'time for what the kernel alone decides')
const onNodes = liveOn('room')
const inProcesses = liveOn('pools that can be set', 'processes: signals')

const pages = 12

/** An empty hugetlbfs and a file system with holes, and a pool for the one. */
const stage = async (options = '') => {
  setPoolAlone(smallest, pages)
  return { huge: await mounted(options), disk: await mountOn(temporaryDirectory(), '', 'tmpfs') }
}

const used = (count: number, reserved = 0) => ({
  total: pages,
  free: pages - count,
  reserved,
  surplus: 0,
})

/** A file with data at these offsets, in pages, and as long as `length`. */
const sparseFile = (path: string, data: readonly number[], length: number): void => {
  const descriptor = openSync(path, 'w')
  const piece = randomBytes(4096)
  for (const at of data) writeSync(descriptor, piece, 0, piece.length, at * smallest)
  closeSync(descriptor)
  truncateSync(path, length)
}

const same = (one: string, other: string): boolean => readFileSync(one).equals(readFileSync(other))

const copied = async (t: Test, ...words: readonly string[]) => {
  const { status, err, document } = await hugepoolJson(copySchema, 'cp', ...words)
  t.equal(status, 0, err)
  return document
}

live('cp: a file comes onto hugetlbfs and back', async (t) => {
  const { huge, disk } = await stage()
  const data = randomBytes(3 * smallest - 5)
  writeFileSync(join(disk, 'a'), data)
  const onto = await copied(t, join(disk, 'a'), huge, '--verify')
  t.hasStrict(onto, { pages: 3n, holes: 0n, size: BigInt(data.length), verified: true })
  t.strictSame(
    onto.placement?.reduce((sum, { pages }) => sum + pages, 0n),
    3n,
  )
  const file = join(huge, 'a')
  t.ok(readFileSync(file).equals(Buffer.concat([data, Buffer.alloc(5)])))
  t.strictSame(countsOf(smallest), used(3))
  const back = await copied(t, file, join(disk, 'b'), '--verify')
  t.hasStrict(back, { pages: 3n, targetSize: BigInt(3 * smallest) })
  t.ok(same(file, join(disk, 'b')))
})

live('cp: holes stay holes, and nothing is reserved for them', async (t) => {
  const { huge, disk } = await stage()
  const source = join(disk, 'a')
  sparseFile(source, [1, 4], 8 * smallest)
  const onto = await copied(t, source, huge, '--verify')
  t.hasStrict(onto, { pages: 2n, holes: 6n })
  t.strictSame(countsOf(smallest), used(2))
  t.ok(same(source, join(huge, 'a')))
  t.hasStrict(await copied(t, join(huge, 'a'), join(huge, 'b')), { pages: 2n, holes: 6n })
  t.strictSame(countsOf(smallest), used(4))
  await copied(t, join(huge, 'b'), join(disk, 'b'), '--verify')
  t.ok(same(source, join(disk, 'b')))
  t.ok(lstatSync(join(disk, 'b')).blocks * 512 <= 2 * smallest, 'and so on the disk')
})

live('cp: an empty file, the mode and the times', async (t) => {
  const { huge, disk } = await stage()
  const source = join(disk, 'a')
  writeFileSync(source, '')
  chmodSync(source, 0o642)
  utimesSync(source, 1000, 1_700_000_000.5)
  t.hasStrict(await copied(t, source, huge, '--preserve'), { pages: 0n, targetSize: 0n })
  const { mode, mtimeMs, size } = lstatSync(join(huge, 'a'))
  t.strictSame([mode & 0o7777, mtimeMs, size], [0o642, 1_700_000_000_500, 0])
  t.strictSame(countsOf(smallest), used(0))
})

live('cp: a file is replaced by --force alone, and only by a whole one', async (t) => {
  const { huge, disk } = await stage()
  const [source, target] = [join(disk, 'a'), join(huge, 'a')]
  writeFileSync(source, 'new')
  await copied(t, source, huge)
  appendFileSync(source, 'er')
  const refused = await hugepool('cp', source, huge)
  t.strictSame([refused.status, refused.out], [1, ''])
  t.match(refused.err, `${target}: is there already`)
  t.hasStrict(await copied(t, source, huge, '--force'), { replaced: true })
  t.equal(readFileSync(target).toString('latin1', 0, 6), 'newer\0')
  t.strictSame(readdirSync(huge), ['a'])
  t.strictSame(countsOf(smallest), used(1), 'the page of the old one came back')
  sparseFile(
    source,
    Array.from({ length: pages }, (_, at) => at),
    pages * smallest,
  )
  const short = await hugepool('cp', source, huge, '--force')
  t.equal(short.status, 1)
  t.match(short.err, /needs 12 pages of .*: 11 available: 1 missing/)
  t.equal(readFileSync(target).toString('latin1', 0, 6), 'newer\0')
  t.strictSame(countsOf(smallest), used(1))
})

live('cp: what is in the way of the pages', async (t) => {
  const { huge, disk } = await stage(`,size=${2 * smallest}`)
  const source = join(disk, 'a')
  sparseFile(source, [0, 1, 2], 3 * smallest)
  const limited = await hugepool('cp', source, huge)
  t.equal(limited.status, 1)
  t.match(limited.err, /the mount .* is full: its size limit leaves 2 pages/)
  t.strictSame(readdirSync(huge), [])
  t.strictSame(countsOf(smallest), used(0))
  const full = await mountOn(temporaryDirectory(), `size=${smallest}`, 'tmpfs')
  sparseFile(source, [0], 2 * smallest)
  writeFileSync(source, randomBytes(2 * smallest))
  await copied(t, source, huge)
  const back = await hugepool('cp', join(huge, 'a'), full)
  t.equal(back.status, 1)
  t.match(back.err, 'no space left on device (ENOSPC); nothing was left behind')
  t.strictSame(readdirSync(full), [])
})

live('cp: a mount that may hold no more files', async (t) => {
  const { huge, disk } = await stage(',nr_inodes=2')
  writeFileSync(join(disk, 'a'), 'a')
  await copied(t, join(disk, 'a'), huge)
  const { status, err } = await hugepool('cp', join(disk, 'a'), join(huge, 'b'))
  t.equal(status, 1)
  t.match(err, 'the mount may hold no more files (ENOSPC)')
  t.strictSame(readdirSync(huge), ['a'])
})

onNodes('cp: pages lie on the node that is named', async (t) => {
  const { huge, disk } = await stage()
  writeFileSync(join(disk, 'a'), randomBytes(2 * smallest))
  for (const node of memoryNodes) {
    const name = join(huge, `${node}`)
    const { placement } = await copied(t, join(disk, 'a'), name, '--node', `${node}`)
    t.strictSame(placement, [{ node, pages: 2n }])
  }
})

live(
  'cp: hugetlbfs has files without a name (O_TMPFILE), which the copy is until it is whole',
  async (t) => {
    const { huge } = await stage()
    const unnamed = 0o20000000 | constants.O_DIRECTORY
    closeSync(openSync(huge, constants.O_RDWR | unnamed, 0o600))
    t.strictSame(readdirSync(huge), [])
  },
)

inProcesses('cp: from a pipe and to one', async (t) => {
  const { huge, disk } = await stage()
  const [source, target] = [join(disk, 'a'), join(huge, 'a')]
  writeFileSync(source, randomBytes(5 * smallest + 1))
  const piped = (line: string, ...words: readonly string[]) =>
    run(['sh', '-c', line, 'sh', ...hugepoolLine, 'cp', ...words])
  const onto = await piped(`cat ${source} | "$@"`, '-', target, '--verify')
  t.equal(onto.status, 0, onto.err)
  t.equal(lstatSync(target).size, 6 * smallest)
  const back = await piped(`"$@" | cmp - ${target}`, target, '-')
  t.strictSame(back, { status: 0, signal: null, out: '', err: '' })
  const none = await piped('"$@" </dev/null', '-', join(huge, 'none'))
  t.equal(none.status, 0, none.err)
  t.equal(lstatSync(join(huge, 'none')).size, 0)
  const cut = await piped('{ "$@"; echo $? >&2; } | head -c 1 >/dev/null', target, '-')
  t.equal(cut.err, '0\n', 'a reader that has enough is no mistake')
  t.strictSame(countsOf(smallest), used(6))
})

inProcesses('cp: a signal ends it at once, and kill -9 leaves nothing either', async (t) => {
  const { huge } = await stage()
  const target = join(huge, 'a')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    const copying = startWithInput([...hugepoolLine, 'cp', '-', target])
    const ended = new Promise((done) => copying.once('exit', (_, by) => done(by)))
    // A block and one byte more: then it waits in read(2), with pages mapped.
    copying.stdin.write(Buffer.alloc(2 ** 23 + 1))
    await until('pages are in use', () => countsOf(smallest).free < pages)
    t.strictSame(readdirSync(huge), [], 'it has no name yet')
    copying.kill(signal)
    t.equal(await ended, signal)
    await until('its pages are back', () => countsOf(smallest).free === pages)
    t.strictSame(readdirSync(huge), [])
    t.strictSame(countsOf(smallest), used(0))
  }
})

/** The calls before which it is killed, each made once; all that is done before has gone then. */
const steps = ['ftruncate', 'fsync', 'linkat'] as const

inProcesses('cp: kill -9 before any of its steps leaves nothing', async (t) => {
  const { huge, disk } = await stage()
  const source = join(disk, 'a')
  writeFileSync(source, randomBytes(2 * smallest))
  for (const call of steps) {
    const held = ['-e', `trace=${call}`, '-e', `inject=${call}:delay_enter=60s`]
    const log = join(disk, 'strace')
    const running = startTraced(['--seccomp-bpf', '-o', log, ...held], ['cp', source, huge])
    const reserved = call === 'ftruncate' ? pages : pages - 2
    await until(
      `it is at ${call}`,
      () => countsOf(smallest).free === reserved && tracerOf(running) > 0,
    )
    await pause(300)
    t.equal((await killTraced(running)).signal, 'SIGKILL', call)
    await until('its pages are back', () => countsOf(smallest).free === pages)
    t.strictSame(readdirSync(huge), [], call)
    t.strictSame(countsOf(smallest), used(0))
  }
})

inProcesses('cp: killed at any moment, the copy is there whole or not at all', async (t) => {
  const { huge, disk } = await stage()
  const source = join(disk, 'a')
  writeFileSync(source, randomBytes(10 * smallest))
  const line = [...hugepoolLine, 'cp', source, huge]
  const started = performance.now()
  t.equal((await run(line)).status, 0)
  const whole = performance.now() - started
  rmSync(join(huge, 'a'))
  for (let round = 0; round < 10; round += 1) {
    const copying = start(line)
    await pause((whole * (round + 1)) / 10)
    copying.child.kill('SIGKILL')
    await copying.result
    const names = readdirSync(huge)
    if (names.length > 0) {
      t.strictSame(names, ['a'])
      t.ok(same(source, join(huge, 'a')))
      rmSync(join(huge, 'a'))
    }
    await until('its pages are back', () => countsOf(smallest).free === pages)
    t.strictSame(countsOf(smallest), used(0))
  }
})

inProcesses('cp: without any privilege', async (t) => {
  const { huge, disk } = await stage()
  const program = readableCopy()
  chmodSync(disk, 0o755)
  writeFileSync(join(disk, 'a'), randomBytes(smallest))
  chmodSync(join(disk, 'a'), 0o644)
  const refused = await asNobody(program, 'cp', join(disk, 'a'), huge)
  t.equal(refused.status, 3)
  t.match(refused.err, 'permission denied')
  chmodSync(huge, 0o777)
  const done = await asNobody(program, 'cp', join(disk, 'a'), huge, '--verify')
  t.equal(done.status, 0, done.err)
  t.ok(same(join(disk, 'a'), join(huge, 'a')))
  chmodSync(join(huge, 'a'), 0o600)
  t.equal(lstatSync(join(huge, 'a')).uid, 65534)
})
