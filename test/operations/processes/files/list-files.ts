import { fstatSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listFiles } from '../../../../src/operations/processes/files/list-files.ts'
import { filesSchema } from '../../../../src/output/schemas/files-schema.ts'
import { fakeKernel } from '../../../helpers/fake-kernel/fake-kernel.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { type HugeDirectory, hugeDirectory } from '../../../helpers/huge-directory.ts'
import { parseExact } from '../../../helpers/json.ts'
import { onFake } from '../../../helpers/on-fake.ts'
import { segmentTable } from '../../../helpers/segment-table.ts'
import { M } from '../../../helpers/sizes.ts'

const inodeOf = ({ top }: HugeDirectory, name: string) =>
  lstatSync(join(top, name), { bigint: true }).ino

/** A process that has files of the directory open and mapped. */
const addProcess = (
  scene: HugeDirectory,
  pid: number,
  {
    open = [],
    mapped = [],
  }: { readonly open?: readonly string[]; readonly mapped?: readonly string[] },
) => {
  const directory = join(scene.proc, `${pid}`)
  mkdirSync(join(directory, 'fd'), { recursive: true })
  writeFileSync(
    join(directory, 'status'),
    `Name:\tdpdk-testpmd\nPPid:\t1\nUid:\t0\t0\t0\t0\nVmSize:\t4096 kB\nHugetlbPages:\t${2048 * mapped.length} kB\n`,
  )
  open.forEach((name, at) => {
    symlinkSync(join(scene.top, name), join(directory, 'fd', `${at + 3}`))
  })
  const maps = mapped.map((name, at) => {
    const from = (0x7f0000000000 + at * 0x400000).toString(16)
    const to = (0x7f0000200000 + at * 0x400000).toString(16)
    return `${from}-${to} rw-s 00000000 ${scene.device} ${inodeOf(scene, name)}  ${scene.top}/${name}\n`
  })
  writeFileSync(join(directory, 'maps'), maps.join(''))
}

const statesOf = async ({ run, top }: HugeDirectory, around = {}) => {
  const { stdout, stderr } = await run('files --json', around)
  const { files, unseen } = parseExact(stdout) as {
    files: readonly { path: string; state: string; users: readonly number[] }[]
    unseen: unknown
  }
  const shown = files.map(({ path, state, users }) => [path.slice(top.length + 1), state, users])
  return { files: shown, unseen, stderr }
}

t.test('who has each file', async (t) => {
  const scene = hugeDirectory(t, ['a', 'below/b', 'c', 'd'])
  addProcess(scene, 7, { open: ['a', 'below/b'] })
  addProcess(scene, 8, { open: ['a'], mapped: ['a'] })
  scene.kernel.extra.set(
    '/proc/locks',
    `1: OFDLCK ADVISORY  WRITE -1 ${scene.device}:${inodeOf(scene, 'c')} 0 EOF\n`,
  )
  t.strictSame(await statesOf(scene), {
    files: [
      ['a', 'mapped', [8, 7]],
      ['below/b', 'open', [7]],
      ['c', 'locked', []],
      ['d', 'left', []],
    ],
    unseen: { processes: 0n, directories: 0n },
    stderr: '',
  })
})

t.test(
  'a process that cannot be looked into: a lease tells more, where one can be had',
  async (t) => {
    const scene = hugeDirectory(t, ['a'])
    addProcess(scene, 7, {})
    mkdirSync(join(scene.proc, '8'))
    writeFileSync(
      join(scene.proc, '8/status'),
      'Name:\tx\nVmSize:\t4096 kB\nHugetlbPages:\t2048 kB\n',
    )
    // A link to itself stands for what may not be read: root may read everything.
    symlinkSync('fd', join(scene.proc, '8/fd'))
    const refused = (errno: 'EAGAIN' | 'EINVAL' | 'EACCES') => ({
      native: {
        setLease: () => {
          throw systemError(errno, 'fcntl')
        },
      },
    })
    const stateWith = async (around: object) => (await statesOf(scene, around)).files[0]?.[1]
    const { unseen, stderr } = await statesOf(scene)
    t.strictSame(unseen, { processes: 1n, pids: [8], directories: 0n })
    t.equal(
      stderr,
      'hugepool: note: process 8 (x) could not be looked into, and may have files open\n',
    )
    t.equal(await stateWith({}), 'left')
    t.equal(await stateWith(refused('EAGAIN')), 'open')
    const hints = async (errno: 'EAGAIN' | 'EINVAL' | 'EACCES') =>
      (await statesOf(scene, refused(errno))).stderr.match(/^hint: .*$/gm)
    t.equal(await stateWith(refused('EINVAL')), 'unknown')
    t.equal(await stateWith(refused('EACCES')), 'unknown')
    const lookHint =
      'hint: with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH the processes of others can be looked into'
    t.strictSame(await hints('EACCES'), [
      'hint: with CAP_LEASE the kernel tells, before Linux 7.0, whether somebody has a file of another user',
      lookHint,
    ])
    t.strictSame(await hints('EINVAL'), [lookHint])
    t.strictSame(await hints('EAGAIN'), null)
  },
)

t.test('a lease is asked for only where nobody was found, and then always', async (t) => {
  const scene = hugeDirectory(t, ['a', 'b', 'c', 'd'])
  addProcess(scene, 7, { open: ['a'] })
  scene.kernel.extra.set(
    '/proc/locks',
    `1: FLOCK ADVISORY  WRITE 9 ${scene.device}:${inodeOf(scene, 'b')} 0 EOF\n`,
  )
  const asked: bigint[] = []
  const setLease = (descriptor: number) => {
    const { ino } = fstatSync(descriptor, { bigint: true })
    asked.push(ino)
    if (ino === inodeOf(scene, 'c')) throw systemError('EAGAIN', 'fcntl')
  }
  const { files } = await statesOf(scene, { native: { setLease } })
  t.strictSame(files, [
    ['a', 'open', [7]],
    ['b', 'locked', []],
    ['c', 'open', []],
    ['d', 'left', []],
  ])
  t.strictSame(asked.toSorted(), [inodeOf(scene, 'c'), inodeOf(scene, 'd')].toSorted())
})

t.test('nothing, and what is not on a hugetlbfs', async (t) => {
  const { run, top } = hugeDirectory(t, [])
  t.strictSame(await run('files'), {
    status: 0,
    stdout: '',
    stderr: 'hugepool: note: no file was found on hugetlbfs\n',
  })
  t.hasStrict(await run(`files ${top}`), {
    status: 2,
    stderr: `hugepool: ${top}: it is not on a hugetlbfs\ntry 'hugepool files --help'\n`,
  })
  t.hasStrict(await run(`files ${top}/none`), { status: 2 })
})

t.test('without a mount table nothing is known of files', async (t) => {
  const scene = hugeDirectory(t, ['a'])
  scene.kernel.extra.delete('/proc/self/mountinfo')
  for (const line of ['files', 'files --clean --yes'])
    t.strictSame(await scene.run(line), {
      status: 4,
      stdout: '',
      stderr:
        "hugepool: /proc/self/mountinfo: is missing\nhint: 'mount -t proc proc /proc' shows it\n",
    })
})

/** The documents of files, without what differs from run to run. */
const documentsOf = async ({ run }: HugeDirectory, line = 'files --json') => {
  const { stdout } = await run(line)
  const { files } = filesSchema.parse(parseExact(stdout))
  return files.map(({ touched: _, uid: _uid, gid: _gid, mode: _mode, ...rest }) => rest)
}

t.test('everything that is known of a file', async (t) => {
  const scene = hugeDirectory(t, ['rtemap_0', 'sub/java_heap.5'])
  addProcess(scene, 7, { mapped: ['rtemap_0'] })
  const file = { mount: scene.top, pageSize: 2n * M, pages: 0n, reserved: 0n, users: [] }
  t.strictSame(await documentsOf(scene), [
    {
      ...file,
      path: `${scene.top}/rtemap_0`,
      size: 16n,
      state: 'mapped',
      users: [7],
      program: 'DPDK (prefix rte)',
    },
    {
      ...file,
      path: `${scene.top}/sub/java_heap.5`,
      size: 23n,
      state: 'left',
      program: 'JVM (process 5)',
    },
  ])
})

t.test('a program is known by the path below the mount alone', async (t) => {
  const scene = hugeDirectory(t, ['below/.huge/a', 'b'])
  const { kernel, top, device } = scene
  const table = `${kernel.extra.get('/proc/self/mountinfo')}`
  const line = (at: string) => table.replaceAll(top, `${top}${at}`).replace(' / ', ` ${at} `)
  t.strictSame(
    (await documentsOf(scene)).map(({ program }) => program),
    [undefined, 'Firedancer (workspace)'],
  )
  kernel.extra.set('/proc/self/mountinfo', line('/below/.huge'))
  t.strictSame(
    (await documentsOf(scene)).map(({ path, mount, program }) => [path, mount, program]),
    [[`${top}/below/.huge/a`, `${top}/below/.huge`, undefined]],
    device,
  )
})

t.test('what is reserved for a file is known only where that is none', async (t) => {
  const scene = hugeDirectory(t, ['some'])
  writeFileSync(join(scene.top, 'none'), '')
  const reserved = async () => (await documentsOf(scene)).map((one) => [one.path, one.reserved])
  writeFileSync(join(scene.top, 'full'), Buffer.alloc(2 * 2 ** 20, 1))
  const [full, none, some] = ['full', 'none', 'some'].map((name) => join(scene.top, name))
  const whole = [
    [full, 0n],
    [none, 0n],
  ]
  t.strictSame(await reserved(), [...whole, [some, 0n]])
  scene.kernel.map(2n * M, 1n)
  t.strictSame(await reserved(), [...whole, [some, undefined]])
})

t.test('files stand in the order of their paths', async (t) => {
  const scene = hugeDirectory(t, ['z', 'sub/b', 'sub-x'])
  const { stdout } = await scene.run('files --raw --noheadings --output PATH')
  t.equal(stdout, ['sub-x', 'sub/b', 'z'].map((name) => `${scene.top}/${name}\n`).join(''))
})

t.test('a recording has no files', async (t) => {
  const { status, stderr } = await onFake(fakeKernel({ pools: [{ size: 2n * M }] }), 'files')
  t.strictSame([status, stderr], [4, 'hugepool: /fake: a recording has no files to look at\n'])
})

t.test('a file whose name is not UTF-8 is asked for no lease', async (t) => {
  const scene = hugeDirectory(t, [])
  writeFileSync(Buffer.concat([Buffer.from(`${scene.top}/a`), Buffer.from([0xff])]), '')
  t.strictSame((await statesOf(scene)).files, [['a\\377', 'left', []]])
})

t.test('a segment is not attached to see what it is', async (t) => {
  const scene = hugeDirectory(t, ['a'])
  scene.kernel.extra.set('/proc/sysvipc/shm', segmentTable([{ id: 4, isPlain: false }]))
  const attached: number[] = []
  const atSegment = (_: string, id: number) => {
    attached.push(id)
  }
  await statesOf(scene, { native: { atSegment } })
  t.strictSame(attached, [])
})

t.test('files on a mount that lies over another one are known as such', async (t) => {
  const scene = hugeDirectory(t, ['a'])
  const self = join(scene.proc, 'self')
  mkdirSync(join(self, 'ns'), { recursive: true })
  symlinkSync('mnt:[1]', join(self, 'ns/mnt'))
  const keptBy = async (below: string) => {
    const own = `${scene.kernel.extra.get('/proc/self/mountinfo')}`
    writeFileSync(join(self, 'mountinfo'), `28 1 8:1 / ${below} rw - ext4 disk rw\n${own}`)
    const { stdout } = await scene.run('files --clean --yes --older 1h --json')
    return filesSchema.parse(parseExact(stdout)).kept?.map(({ reason }) => reason)
  }
  t.strictSame(await keptBy(scene.top), ['covers'])
  t.strictSame(await keptBy('/elsewhere'), ['young'])
})

t.test('only the files that are asked for', async (t) => {
  const scene = hugeDirectory(t, ['a', 'b', 'c'])
  const keyOf = (name: string) => `${scene.device}:${inodeOf(scene, name)}`
  const listed = (...paths: readonly string[]) => {
    const { files, isNarrow } = listFiles(scene.ports, { paths }, (name) => [keyOf(name)])
    return [files.map(({ path }) => path.slice(scene.top.length + 1)), isNarrow]
  }
  t.strictSame(listed(), [['a', 'b', 'c'], false])
  t.strictSame(listed('b'), [['b'], true])
  t.strictSame(listed('c', 'a'), [['a', 'c'], true])
})
