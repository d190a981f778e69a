import t from 'tap'
import type { z } from 'zod'
import { errorSchema } from '../../../src/output/schemas/parts.ts'
import { umountDryRunSchema, umountSchema } from '../../../src/output/schemas/umount-schema.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { parseExact } from '../../helpers/json.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { treePath } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const path = '/proc/self/mountinfo'
const root = '1 0 0:1 / / rw - ext4 /dev/vda rw'
const huge =
  '30 1 0:39 / /mnt/huge rw,nosuid,nodev - hugetlbfs none rw,pagesize=2M,min_size=8388608'
const upper = '31 30 0:40 / /mnt/huge rw - hugetlbfs none rw,pagesize=1024M'

const failure = (code: string) => Object.assign(new Error(code), { code, syscall: 'umount2' })

interface Stage {
  readonly mounts?: readonly string[]
  /** What the call of umount2 does. */
  readonly answer?: () => void
}

/** A kernel with a table of mounts, of which umount2 takes the last. */
const stage = ({ mounts = [root, huge], answer = () => {} }: Stage = {}) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [
      { size: 2n * M, persistent: { 0: 16n } },
      { size: G, persistent: { 0: 1n } },
    ],
  })
  const used = kernel.map(2n * M, 4n)
  used.touch(3n)
  let table = mounts
  const calls: string[] = []
  const native = nativeWith({
    umount: (target, flags) => {
      calls.push(`${target} ${flags}`)
      answer()
      table = table.slice(0, -1)
      used.unmap()
    },
  })
  const tree: FakeKernel = Object.create(kernel, {
    read: { value: (name: string) => (name === path ? lines(...table) : kernel.read(name)) },
  })
  const run = (line: string) => onFake(tree, line, { native })
  return { run, calls }
}

t.test('a mount is removed and what came back is counted', async (t) => {
  const { run, calls } = stage()
  t.same(await run('umount /mnt/huge/'), {
    status: 0,
    stdout: lines(
      'TARGET     PAGE-SIZE  FILES  PAGES  RESERVATIONS  HOLDERS',
      '/mnt/huge         2M      -      3             1        -',
    ),
    stderr: 'hugepool: note: /mnt/huge: 3 pages and 1 reservation came back to the pool of 2M\n',
  })
  t.same(calls, ['/mnt/huge 8'], 'UMOUNT_NOFOLLOW')
  t.match(await run('umount /mnt/huge'), {
    status: 4,
    stderr: /^hugepool: \/mnt\/huge: nothing is mounted there\nhint: .*\n$/,
  })
})

t.test('a line that is not understood stops only what it may be about', async (t) => {
  const foreign = ['garbage line', '44 1 0:50 / /other rw tmpfs none', '9 9 9']
  const { run, calls } = stage({ mounts: [...foreign, root, huge] })
  t.hasStrict(await run('umount /mnt/huge --dry-run'), { status: 0 })
  t.hasStrict(await run('umount /mnt/huge'), { status: 0 })
  t.same(calls, ['/mnt/huge 8'])
  for (const path of ['/mnt/huge', '/mnt', '/mnt/huge/x']) {
    const line = `44 1 0:50 / ${path} rw tmpfs none`
    const { run: umount, calls: none } = stage({ mounts: [line, root, huge] })
    t.hasStrict(await umount('umount /mnt/huge'), {
      status: 1,
      stderr: `hugepool: /proc/self/mountinfo: unknown line "${line}"\n`,
    })
    t.same(none, [])
  }
})

t.test('the topmost mount goes, and the one below comes to light', async (t) => {
  const { run, calls } = stage({ mounts: [root, huge, upper] })
  t.hasStrict(await run('umount /mnt/huge --lazy -nro TARGET,PAGE-SIZE,HOLDERS'), {
    status: 0,
    stdout: '/mnt/huge 1G 0\n',
    stderr: 'hugepool: note: /mnt/huge: the hugetlbfs that it hid is there now\n',
  })
  t.same(calls, ['/mnt/huge 10'], 'MNT_DETACH')
})

t.test('a dry run prints the line', async (t) => {
  const quoted = huge.replace('/mnt/huge', "/mnt/it's")
  const { run, calls } = stage({ mounts: [root, huge, quoted] })
  t.same(await run('umount /mnt/huge --dry-run'), {
    status: 0,
    stdout: 'umount /mnt/huge\n',
    stderr:
      'hugepool: note: /mnt/huge: the 4 pages of its minimum size may no longer be reserved\n',
  })
  t.hasStrict(await run("umount /mnt/it's --dry-run --lazy"), {
    stdout: "umount -l '/mnt/it'\\''s'\n",
  })
  t.match(await run('umount /mnt --dry-run'), { status: 4 }, 'it is checked all the same')
  t.same(calls, [])
})

const cases: Readonly<Record<string, { status: number; stderr: RegExp }>> = {
  EBUSY: {
    status: 1,
    stderr: /^hugepool: \/mnt\/huge: busy, but no process was found.*\nhint: --lazy detaches/,
  },
  EPERM: { status: 3, stderr: /operation not permitted\nhint: .*CAP_SYS_ADMIN/ },
  EINVAL: { status: 1, stderr: /rejects it \(EINVAL\)\nhint: in a user namespace/ },
  ENOENT: { status: 4, stderr: /no such directory/ },
  EIO: { status: 1, stderr: /EIO/ },
}

for (const [code, { status, stderr }] of Object.entries(cases))
  t.test(`the kernel answers ${code}`, async (t) => {
    const { run } = stage({
      answer: () => {
        throw failure(code)
      },
    })
    const result = await run('umount /mnt/huge')
    t.equal(result.status, status)
    t.equal(result.stdout, '')
    t.match(result.stderr, stderr)
  })

t.test('a kernel that says done and leaves it is not believed', async (t) => {
  const { run } = stage({ mounts: [root, huge, '44 1 0:50 / /x rw - tmpfs none rw'] })
  t.hasStrict(await run('umount /mnt/huge'), {
    status: 64,
    stdout: '',
    stderr: lines(
      'hugepool: /mnt/huge: the kernel says done, yet it is mounted',
      'hugepool: done before that: unmounted /mnt/huge',
      'hint: what somebody mounted over it just then may have been removed in its place: see findmnt(8)',
    ),
  })
})

t.test('wrong words', async (t) => {
  const { run, calls } = stage()
  t.match(await run('umount'), { status: 2, stderr: /needs an operand: DIR/ })
  t.match(await run('umount '), { status: 2, stderr: /'' is not a directory/ })
  t.match(await run('umount /mnt/huge /x'), { status: 2 })
  t.match(await run('umount / --json'), { status: 1, stderr: /ext4 is mounted there/ })
  t.same(calls, [])
})

t.test('a recorded machine is not unmounted', async (t) => {
  const { run } = stage({ mounts: [root] })
  t.match(await run(`umount /mnt/huge --sysroot ${treePath('two-nodes')}`), { status: 4 })
})

t.test('the table of a recorded machine tells where else it is mounted', async (t) => {
  const { run } = stage({ mounts: [root] })
  const dry = `--dry-run --json --sysroot ${treePath('two-nodes')}`
  const documentOf = async (directory: string) => {
    const { stdout } = await run(`umount ${directory} ${dry}`)
    return umountDryRunSchema.parse(parseExact(stdout))
  }
  const bound = await documentOf('/mnt/huge1g')
  t.strictSame(bound.elsewhere, [{ target: '/srv/vm', fate: 'stays' }])
  t.strictSame([bound.fate, bound.expected], ['kept', undefined])
  t.strictSame((await documentOf('/srv/vm')).elsewhere, [{ target: '/mnt/huge1g', fate: 'stays' }])
  const alone = await documentOf('/mnt/twice')
  t.strictSame([alone.fate, alone.elsewhere], ['unknown', undefined])
  t.strictSame(alone.expected, { pageSize: 2n * M, reservations: 4n, leavingPool: 4n })
})

const documents: readonly (readonly [line: string, schema: z.ZodType, stage?: Stage])[] = [
  ['umount /mnt/huge', umountSchema],
  ['umount /mnt/huge --lazy', umountSchema],
  ['umount /mnt/huge --dry-run', umountDryRunSchema],
  ['umount /mnt', errorSchema],
]

for (const [line, schema, around] of documents)
  t.test(`${line} --json`, async (t) => {
    const { stdout } = await stage(around).run(`${line} --json`)
    t.equal(stdout.split('\n').length, 2, 'one line')
    const document = schema.safeParse(parseExact(stdout))
    t.ok(document.success, JSON.stringify(document.error?.issues))
  })

t.test('the document of a removal', async (t) => {
  const { stdout } = await stage().run('umount /mnt/huge --json')
  t.hasStrict(umountSchema.parse(parseExact(stdout)), {
    outcome: 'done',
    mounts: [{ target: '/mnt/huge', pageSize: 2n * M, minSize: 8n * M }],
    pools: [
      { pageSize: 2n * M, free: 16n, reserved: 0n, nodes: [{ node: 0, total: 16n, free: 16n }] },
      { pageSize: G, nodes: [{ node: 0, total: 1n }] },
    ],
    returned: { pageSize: 2n * M, pages: 3n, reservations: 1n, leftPool: 0n },
  })
})
