import t from 'tap'
import { type FakeKernel, fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'
import { global1G, global2M, lines, onFake } from '../helpers/on-fake.ts'
import { G, M } from '../helpers/sizes.ts'

const machine = (errno?: string, root = '/'): FakeKernel => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [
      { size: 2n * M, persistent: { 0: 8n } },
      { size: G, persistent: { 0: 1n } },
    ],
  })
  const checkWritable = (path: string) => {
    if (errno !== undefined)
      throw Object.assign(new Error(errno), { code: errno, syscall: 'access', path })
  }
  const write = () => {
    throw new Error('a dry run wrote')
  }
  // Only of the running kernel, whose root is /, a dry run looks at rights.
  return { ...kernel, root, checkWritable, write }
}

const requests = [
  ['resize 2M=9', `echo 9 > ${global2M}/nr_hugepages`],
  ['overcommit 2M=3', `echo 3 > ${global2M}/nr_overcommit_hugepages`],
  ['demote 1G=1', `echo 1 > ${global1G}/demote`],
] as const

const container =
  'this looks like a container: run hugepool on the host, or mount /sys and /proc/sys writable'

t.test('a dry run says what right its real run lacks', async (t) => {
  for (const [errno, why, reason, hint] of [
    ['EACCES', 'permission denied', 'not-root', 'run it as root'],
    ['EROFS', 'read-only file system', 'read-only', container],
  ] as const)
    for (const [line, written] of requests) {
      const path = written.replace(/.* > /, '')
      const message = `${path}: ${why}`
      t.strictSame(await onFake(machine(errno), `${line} --dry-run`), {
        status: 0,
        stdout: lines(written),
        stderr: lines(`hugepool: note: the real run would be refused: ${message}`, `hint: ${hint}`),
      })
      t.strictSame(await onFake(machine(errno, '/fake'), line), {
        status: 3,
        stdout: '',
        stderr: lines(`hugepool: ${message}`, `hint: ${hint}`),
      })
      const { stdout } = await onFake(machine(errno), `${line} --dry-run --json`)
      const denied = { code: 'E_PERMISSION', reason, message, hint, hints: [hint] }
      t.strictSame(JSON.parse(stdout).denied, denied, line)
      const quiet = await onFake(machine(errno), `${line} --dry-run --quiet`)
      t.strictSame([quiet.status, quiet.stderr], [0, ''], line)
    }
})

t.test('nothing is said where it may write, and where nothing is to be written', async (t) => {
  for (const [line] of requests) {
    const { status, stderr } = await onFake(machine(), `${line} --dry-run`)
    t.strictSame([status, stderr], [0, ''], line)
  }
  const { stderr } = await onFake(machine('EROFS'), 'resize 2M=8 --dry-run')
  t.equal(stderr, 'hugepool: note: nothing to do\n')
})

t.test('a dry run with --compact asks for that right too', async (t) => {
  const kernel = machine()
  const compact = '/sys/devices/system/node/node0/compact'
  const refusing = {
    ...kernel,
    checkWritable: (path: string) => {
      if (path === compact) throw Object.assign(new Error(), { code: 'EACCES', path })
    },
  }
  const { stderr } = await onFake(refusing, 'resize 2M=0:9 --compact --dry-run')
  t.match(stderr, `would be refused: ${compact}: permission denied\n`)
})
