import t from 'tap'
import { loadAllCommands } from '../../src/cli/commands.ts'
import type { ShownMount } from '../../src/model/mounts/hugetlbfs-mount.ts'
import { usualColumns } from '../../src/output/columns.ts'
import { mountColumns } from '../../src/output/mounts/mount-rows.ts'
import { type FileRow, fileColumns } from '../../src/output/processes/file-columns.ts'
import { alignedText } from '../../src/output/table.ts'
import { textRows } from '../../src/output/text-rows.ts'
import { type FakeKernel, fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../helpers/fake-mapper.ts'
import { nativeWith } from '../helpers/fake-native.ts'
import { hugeFile } from '../helpers/huge-file.ts'
import { lines, onFake } from '../helpers/on-fake.ts'
import { run, treeNames } from '../helpers/run.ts'
import { G, M } from '../helpers/sizes.ts'
import { testOnFake } from '../helpers/test-on-fake.ts'

const commands = await loadAllCommands()

const terminal = 80

const tooWide = (text: string): readonly string[] =>
  text.split('\n').filter((line) => [...line].length > terminal)

const all = treeNames.filter((name) => name !== 'no-hugetlb')

t.test('what is usual of each command', async (t) => {
  const usual = Object.fromEntries(
    commands.map(({ name, columns }) => [name, usualColumns(columns, []).join(' ')]),
  )
  const change = 'SIZE NODE BEFORE REQUESTED AFTER SHORT OUTCOME'
  const mount = 'TARGET PAGE-SIZE SIZE MIN-SIZE USED FREE'
  t.strictSame(usual, {
    list: 'SIZE TOTAL FREE RESERVED AVAILABLE IN-USE SURPLUS MEMORY',
    resize: change,
    overcommit: change,
    demote: 'SIZE TO NODE REQUESTED DEMOTED BEFORE AFTER GAINED OUTCOME',
    mounts: mount,
    mount,
    umount: 'TARGET PAGE-SIZE FILES PAGES RESERVATIONS HOLDERS',
    cp: 'SOURCE TARGET SIZE PAGES HOLES NODES',
    test: 'STEP NODE FREE RESERVED WHAT',
    watch: 'SIZE TOTAL FREE RESERVED AVAILABLE IN-USE SURPLUS CHANGE',
    who: 'PID USER COMMAND HOLDS SIZE PAGES RESERVED NAME',
    files: 'SIZE STATE PAGES AGE USERS PROGRAM PATH',
    doctor: 'CHECK RESULT HAS NEEDS WHY FINDING LEVEL WHAT',
    apply: 'WHAT BEFORE REQUESTED AFTER OUTCOME',
    check: 'WHAT WANTED FOUND STATE WHY',
    boot: 'WORD MEANS RESULT WHY',
    service: 'INIT FILE STATE STARTS LAST',
    tune: 'KEY VALUE RECOMMENDED PERSISTED WHAT',
    export: '',
    metrics: '',
    schema: '',
    completion: '',
    man: '',
  })
})

t.test('every recorded machine fits in a terminal', async (t) => {
  for (const tree of all)
    for (const words of [['list'], ['list', '--per-node'], ['mounts'], ['tune']]) {
      const { stdout } = await run(words, { tree })
      t.strictSame(tooWide(stdout), [], `${tree}: ${words.join(' ')}`)
    }
})

/** 16 TiB on each of two nodes, of which one counts 2M pages in seven digits. */
const large = () =>
  fakeKernel({
    nodes: [
      { id: 0, memory: 16384n * G },
      { id: 1, memory: 16384n * G },
    ],
    pools: [
      { size: 2n * M, persistent: { 0: 4_000_001n, 1: 3_999_999n }, overcommit: 1_000_000n },
      { size: G, persistent: { 0: 4000n, 1: 4000n } },
    ],
  })

t.test('so does one with pools of 8 million pages', async (t) => {
  const kernel = large()
  kernel.map(2n * M, 1_200_000n).touch(1_000_000n)
  for (const line of [
    'list',
    'list --per-node',
    'watch --per-node --count 1',
    'overcommit 2M=2000000',
    'demote 1G=0:3000,1:4000',
    'resize 2M=0:4000001,1:3999999 1G=1:17 --leave 0',
    'resize 2M=+1000001 --leave 0',
  ]) {
    const { status, stdout, stderr } = await onFake(kernel, line)
    t.ok(stdout.split('\n').length > 2, `${line}: ${status} ${stderr}`)
    t.strictSame(tooWide(stdout), [], line)
  }
})

const mount: ShownMount = {
  target: '/mnt/hugepages-1048',
  device: '0:39',
  source: 'none',
  pageSize: G,
  size: 4095n * G,
  minSize: 1023n * G,
  used: 1023n * G,
  free: 3072n * G,
  inodes: 100_000n,
  files: 99_999n,
  uid: 64055,
  gid: 64055,
  mode: '1777',
  options: 'rw',
  hidden: false,
}

const mountsTable = (mounts: readonly ShownMount[]): string => {
  const names = usualColumns(mountColumns, [])
  const style = { bytes: false, raw: false }
  const { headings, rows, aligns } = textRows({ columns: mountColumns, rows: mounts }, names, style)
  return alignedText([headings.map((text) => ({ text })), ...rows], aligns)
}

t.test('mounts with limits and owners, as long as a path is no longer than 20', async (t) => {
  t.strictSame(tooWide(mountsTable([mount, { ...mount, target: '/mnt/huge' }])), [])
  const ids = { uid: 4_294_967_294, gid: 4_294_967_294 }
  // 16 TiB less a page of 2M, and 512 GiB less a page of 64K: no amount in use is written longer.
  for (const [pageSize, memory] of [
    [2n * M, 16384n * G - 2n * M],
    [M / 16n, 512n * G - M / 16n],
  ] as const) {
    const limits = { size: memory, minSize: memory, used: memory, free: memory }
    const wide = { ...mount, ...ids, ...limits, pageSize, target: `/dev/${'h'.repeat(15)}` }
    t.strictSame(tooWide(mountsTable([wide])), [], `${memory}`)
  }
  const long = { ...mount, target: `/run/${'x'.repeat(60)}` }
  t.ok(mountsTable([long]).includes(long.target), 'a longer one is not cut')
})

const huge = '/dev/hugepages1048576kB'

const filesTable = (rows: readonly FileRow[]): string => {
  const names = usualColumns(fileColumns, [])
  const shown = textRows({ columns: fileColumns, rows }, names, { bytes: false, raw: false })
  return alignedText([shown.headings.map((text) => ({ text })), ...shown.rows], shown.aligns)
}

t.test('files whose path is no longer than 19, with a user and a program', async (t) => {
  const row: FileRow = {
    ...hugeFile({ path: '/mnt/huge/rtemap_12', pages: 1_234_567n, state: 'unknown' }),
    program: { program: 'DPDK', detail: 'prefix rte' },
    users: [{ pid: 4_194_303, command: 'dpdk-testpmd', use: 'mapped' }],
    age: 23 * 3_600_000,
    removed: false,
  }
  t.strictSame(tooWide(filesTable([row])), [])
  t.ok(filesTable([{ ...row, path: huge }]).includes(huge), 'a longer one is not cut')
})

t.test('umount', async (t) => {
  const huge = '30 1 0:39 / /dev/hugepages1048576kB rw - hugetlbfs none rw,pagesize=2M'
  const kernel = large()
  const used = kernel.map(2n * M, 1_100_000n)
  used.touch(1_000_000n)
  let table = lines('1 0 0:1 / / rw - ext4 /dev/vda rw', huge)
  const tree: FakeKernel = Object.create(kernel, {
    read: {
      value: (name: string) => (name === '/proc/self/mountinfo' ? table : kernel.read(name)),
    },
  })
  const native = nativeWith({
    umount: () => {
      table = lines('1 0 0:1 / / rw - ext4 /dev/vda rw')
      used.unmap()
    },
  })
  const { status, stdout } = await onFake(tree, 'umount /dev/hugepages1048576kB', { native })
  t.equal(status, 0)
  t.match(stdout, / 1000000 +100000 /)
  t.strictSame(tooWide(stdout), [])
})

t.test('test, and the columns before WHAT, whatever the words are', async (t) => {
  const { status, stdout } = await testOnFake('2M=8 --frames')
  t.equal(status, 0)
  t.strictSame(tooWide(stdout), [])
  const kernel = large()
  const mapper = fakeMapper(kernel)
  const { stdout: wide } = await onFake(kernel, 'test 2M=7000001 --touch 1', { mapper })
  const [heading = ''] = wide.split('\n')
  t.ok(heading.indexOf('WHAT') < terminal / 2, heading)
})
