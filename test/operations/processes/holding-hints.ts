import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { FakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { onMachine, procWith, withoutMemfd } from '../../helpers/running-machine.ts'
import { segmentTable } from '../../helpers/segment-table.ts'
import { G, M } from '../../helpers/sizes.ts'

/** A machine of which all pages are in use. */
const machine = (sizes: readonly bigint[] = [2n * M]): FakeKernel => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 8n * G }],
    pools: sizes.map((size) => ({ size, persistent: { 0: 3n } })),
  })
  for (const size of sizes) kernel.map(size, 3n).touch(3n)
  return kernel
}

const hintsOf = async (
  t: Test,
  kernel: FakeKernel,
  line: string,
  proc = procWith(t),
  native = withoutMemfd,
) => {
  const tree = onMachine(kernel, proc)
  const { stderr } = await onFake(tree, line, { native, mapper: fakeMapper(kernel) })
  return stderr.split('\n').flatMap((words) => /^hint: (.*)/.exec(words)?.[1] ?? [])
}

const may = 'a driver, a pinned buffer or a descriptor in flight may hold them'

t.test('pages of a driver are told by every command that lacks them', async (t) => {
  const words = `2M: 3 pages in use are not explained: ${may}`
  t.strictSame(await hintsOf(t, machine(), 'test 2M=max'), [
    "'hugepool resize 2M=+1' makes room",
    words,
  ])
  t.strictSame(await hintsOf(t, machine(), 'resize 2M=0 --dry-run'), [words])
  t.strictSame(await hintsOf(t, machine(), 'resize 2M=0 --all-or-nothing --dry-run'), [words])
})

const holder = (bytes: bigint) =>
  `Name:\tvm\nVmSize:\t99999 kB\nHugetlbPages:\t${bytes / 1024n} kB\n`

t.test('of a process that cannot be looked into the size may be unknown', async (t) => {
  const proc = procWith(t, { 7: holder(6n * M) })
  t.strictSame(await hintsOf(t, machine(), 'resize 2M=0 --dry-run', proc), [
    '2M: process 7 (vm) has 3 pages mapped',
  ])
  t.strictSame(await hintsOf(t, machine([2n * M, G]), 'resize 2M=0 --dry-run', proc), [
    '2M: process 7 (vm) has huge pages mapped, perhaps of 2M',
    `2M: 3 pages in use are not explained: ${may}, or a process that could not be looked into: 7 (vm)`,
  ])
})

t.test('this process, and what shares its pages, is left out where it has some', async (t) => {
  const child = (parent: number, name = 'node') =>
    `${holder(6n * M).replace('vm', name)}PPid:\t${parent}\n`
  const kernel = machine()
  kernel.extra.set('/proc/self/status', 'Name:\tnode\nPid:\t4242\n')
  const hints = (line: string, others: Readonly<Record<number, string>>) =>
    hintsOf(t, kernel, line, procWith(t, { 4242: child(1), ...others }))
  const room = "'hugepool resize 2M=+1' makes room"
  const named = '2M: process 8 (vm) has 3 pages mapped'
  t.strictSame(await hints('test 2M=max', { 7: child(4242), 8: child(1, 'vm') }), [room, named])
  t.strictSame(await hints('test 2M=max', { 8: child(4242, 'vm') }), [room, named], 'another one')
  t.strictSame(
    await hints('resize 2M=0 --dry-run', { 7: child(4242) }),
    ['2M: process 7 (node) has 3 pages mapped'],
    'nothing shares the pages of a resize',
  )
})

t.test('a file on a mount that no table shows is told, and not asked', async (t) => {
  const proc = procWith(t, { 7: 'Name:\tvm\nVmSize:\t99999 kB\n' })
  const at = (name: string) => join(proc, '7', name)
  for (const name of ['fd', 'maps']) rmSync(at(name), { recursive: true })
  for (const name of ['fd', 'fdinfo']) mkdirSync(at(name))
  writeFileSync(at('maps'), '')
  symlinkSync('/model', at('fd/3'))
  writeFileSync(at('fdinfo/3'), 'pos:\t0\nflags:\t02\nmnt_id:\t99\n')
  t.strictSame(await hintsOf(t, machine(), 'resize 2M=0 --dry-run', proc), [
    '2M: process 7 (vm) has /model open, on a mount that no table shows: if that is a detached hugetlbfs, its files keep their pages until this is closed',
    `2M: 3 pages in use are not explained: ${may}`,
  ])
})

t.test('of a recording nobody is told', async (t) => {
  const kernel = machine()
  kernel.extra.set('/proc/7/status', holder(6n * M))
  const { status, stderr } = await onFake(kernel, 'resize 2M=0')
  t.equal(status, 64)
  t.notMatch(stderr, 'hint: 2M: ')
})

t.test('where no page is in use nobody is looked for', async (t) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 8n * G }],
    pools: [{ size: 2n * M, persistent: { 0: 3n } }],
  })
  const proc = procWith(t, { 7: holder(6n * M) })
  t.strictSame(await hintsOf(t, kernel, 'test 2M=9', proc), [
    "'hugepool resize 2M=+6' makes room",
    "'hugepool overcommit 2M=6' lets the kernel make what is missing",
  ])
})

t.test('a segment is not attached to see what it is', async (t) => {
  const kernel = machine()
  kernel.extra.set('/proc/sysvipc/shm', segmentTable([{ id: 4, pages: 3n, isPlain: false }]))
  const attached: number[] = []
  const native = {
    ...withoutMemfd,
    atSegment: (_: string, id: number) => {
      attached.push(id)
    },
  }
  const hints = await hintsOf(t, kernel, 'resize 2M=0 --dry-run', procWith(t), native)
  t.strictSame(attached, [])
  t.match(hints[0], 'SysV segment')
})

t.test('holders of pages of another size are not named', async (t) => {
  const kernel = machine([2n * M, G])
  kernel.extra.set(
    '/proc/self/mountinfo',
    lines('99 28 0:90 / /none rw - hugetlbfs none rw,pagesize=1024M,min_size=2G'),
  )
  t.strictSame(await hintsOf(t, kernel, 'resize 2M=0 --dry-run'), [
    `2M: 3 pages in use are not explained: ${may}`,
  ])
})
