import t from 'tap'
import { octets } from '../../../src/model/etc/octets.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global1G, global2M, lines, node2M, onFake, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const heading = 'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME'
const path2M = `${global2M}/nr_hugepages`
const path1G = `${global1G}/nr_hugepages`

const twoNodes = () =>
  fakeKernel({
    pools: [{ size: 2n * M, persistent: { 0: 4n, 1: 9n } }],
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
  })

t.test('an error on the second pool: what was done is shown', async (t) => {
  const kernel = twoNodes()
  kernel.failWrite(path2M, 'EIO')
  const { status, stdout, stderr } = await onFake(kernel, 'resize 1G=2 2M=100')
  t.equal(status, 64)
  t.equal(
    stdout,
    lines(
      heading,
      '1G     all       0          2      2      0  done',
      '1G       0       0          -      1      -  -',
      '1G       1       0          -      1      -  -',
      '2M     all      13        100     13     87  partial',
      '2M       0       4          -      4      -  -',
      '2M       1       9          -      9      -  -',
    ),
  )
  t.match(stderr, /^hugepool: 2M: asked for 100, got 13: 87 short\n/)
  t.ok(stderr.endsWith(lines(`hugepool: ${path2M}: input/output error (EIO)`)))
})

t.test('an error on a shrink that follows another', async (t) => {
  const kernel = twoNodes()
  kernel.failWrite(`${node2M(1)}/nr_hugepages`, 'EIO')
  const { status, stdout, stderr } = await onFake(kernel, 'resize 2M=0:1,1:1 1G=1')
  t.equal(status, 64)
  t.equal(
    stdout,
    lines(
      heading,
      '2M       0       4          1      1      0  done',
      '2M       1       9          1      9      8  partial',
      '2M     sum      13          2     10      8  partial',
      '1G     all       0          1      0      1  partial',
      '1G       0       0          -      0      -  -',
      '1G       1       0          -      0      -  -',
    ),
  )
  t.match(
    stderr,
    /^hugepool: 2M on node 1: asked for 1, still 9: 8 short\nhugepool: 1G: asked for 1, got 0: 1 short\n/,
  )
  t.ok(stderr.endsWith(lines(`hugepool: ${node2M(1)}/nr_hugepages: input/output error (EIO)`)))
  t.same(writesOf(kernel), ['node0 2048kB nr_hugepages=1', 'node1 2048kB nr_hugepages=1'])
})

t.test('an error before anything was done stands alone', async (t) => {
  const kernel = twoNodes()
  kernel.failWrite(path1G, 'EIO')
  t.same(await onFake(kernel, 'resize 1G=3 2M=14'), {
    status: 1,
    stdout: '',
    stderr: lines(`hugepool: ${path1G}: input/output error (EIO)`),
  })
  t.same(writesOf(kernel), ['1048576kB nr_hugepages=1'], 'and nothing else is tried')
})

t.test('EINVAL means that the pool cannot change while the kernel runs', async (t) => {
  const kernel = twoNodes()
  kernel.failWrite(path1G, 'EINVAL', 'always')
  const before = kernel.snapshot()
  t.same(await onFake(kernel, 'resize 1G=1'), {
    status: 4,
    stdout: '',
    stderr: lines(
      `hugepool: ${path1G}: the kernel cannot change the number of 1G pages while it runs (EINVAL)`,
      'hint: set it on the kernel command line: hugepagesz=1G hugepages=N',
    ),
  })
  t.same(kernel.snapshot(), before)
})

t.test('EINVAL after something was done', async (t) => {
  const kernel = twoNodes()
  kernel.failWrite(path1G, 'EINVAL', 'always')
  const { status, stdout, stderr } = await onFake(kernel, 'resize 2M=3 1G=1 -nr -o SIZE,NODE,AFTER')
  t.equal(status, 64)
  t.equal(stdout, '2M all 3\n2M 0 0\n2M 1 3\n1G all 0\n1G 0 0\n1G 1 0\n')
  t.match(stderr, /hugepages-1048576kB\/nr_hugepages: .* while it runs \(EINVAL\)\nhint: set it on/)
})

const refusals = [
  { set: 'unprivileged', words: 'permission denied', hint: 'run it as root' },
  {
    set: 'readOnly',
    words: 'read-only file system',
    hint: 'this looks like a container: run hugepool on the host, or mount /sys and /proc/sys writable',
  },
] as const

for (const { set, words, hint } of refusals)
  t.test(`${set}: refused before the first write`, async (t) => {
    const kernel = twoNodes()
    kernel[set] = true
    t.same(await onFake(kernel, 'resize 2M=3 1G=1'), {
      status: 3,
      stdout: '',
      stderr: lines(`hugepool: ${path2M}: ${words}`, `hint: ${hint}`),
    })
    t.equal((await onFake(kernel, 'overcommit 2M=3')).status, 3)
    t.equal((await onFake(kernel, 'resize 2M=13')).status, 0, 'needless needs no permission')
    t.equal((await onFake(kernel, 'resize 2M=3 --dry-run')).status, 0)
    t.same(kernel.writes, [])
  })

const broken = () => {
  const kernel = twoNodes()
  kernel.failRead(path2M, 'EIO', 'always')
  return kernel
}

t.test('a counter that is garbage or unreadable', async (t) => {
  t.equal((await onFake(broken(), 'resize 1G=1')).status, 0, 'of another pool')
  const kernel = broken()
  t.same(await onFake(kernel, 'resize 2M=1'), {
    status: 1,
    stdout: '',
    stderr: lines(`hugepool: ${path2M}: input/output error (EIO)`),
  })
  const { read } = kernel
  kernel.read = (path) => (path === path2M ? octets('many\n') : read(path))
  t.same(await onFake(kernel, 'resize 2M=1'), {
    status: 1,
    stdout: '',
    stderr: lines(`hugepool: ${path2M}: expected a number, found "many\\n"`),
  })
  t.same(kernel.writes, [])
})

t.test('a counter that fails after the write', async (t) => {
  const kernel = twoNodes()
  const { write } = kernel
  kernel.write = (path, value) => {
    write(path, value)
    kernel.failRead(`${global2M}/surplus_hugepages`, 'EIO')
  }
  const { status, stdout, stderr } = await onFake(kernel, 'resize 2M=20 -nr')
  t.equal(status, 1, 'all is done, and yet it met an error')
  t.equal(stdout, '2M all 13 20 20 0 done\n2M 0 4 - 8 - -\n2M 1 9 - 12 - -\n')
  t.equal(stderr, lines(`hugepool: ${global2M}/surplus_hugepages: input/output error (EIO)`))
})

const reserved2M = `${global2M}/resv_hugepages`

/** A machine on which one file cannot be read after the first write, a number of times. */
const blinded = (times: number) => {
  const kernel = twoNodes()
  let left: number | undefined
  const error = Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' })
  return Object.assign(Object.create(kernel) as typeof kernel, {
    write: (path: string, value: string) => {
      kernel.write(path, value)
      left ??= times
    },
    read: (path: string) => {
      if (path === reserved2M && left !== undefined && left > 0) {
        left -= 1
        throw error
      }
      return kernel.read(path)
    },
  })
}

t.test('what is written is told where the look afterwards fails', async (t) => {
  t.strictSame(await onFake(blinded(100), 'resize 2M=5'), {
    status: 64,
    stdout: '',
    stderr: lines(
      `hugepool: ${reserved2M}: input/output error (EIO)`,
      `hugepool: done before that: 5 written to ${path2M}`,
    ),
  })
  const { status, stdout } = await onFake(blinded(100), 'resize 2M=5 --json')
  t.equal(status, 64)
  t.strictSame(JSON.parse(stdout).error.done, [`5 written to ${path2M}`])
})

t.test('with all or nothing it is put back', async (t) => {
  const { status, stdout, stderr } = await onFake(blinded(1), 'resize 2M=5 --all-or-nothing')
  t.equal(status, 1)
  t.equal(stdout, '')
  t.equal(stderr, `hugepool: ${reserved2M}: input/output error (EIO); put back as before: 2M\n`)
})

t.test('where that cannot be seen either, all that was written is told', async (t) => {
  const { status, stderr } = await onFake(blinded(100), 'resize 2M=5 --all-or-nothing')
  t.equal(status, 64)
  t.match(stderr, /\(EIO\)\nhugepool: done before that: 5 written to /)
})
