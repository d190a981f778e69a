import t from 'tap'
import { type FakeKernelOptions, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { nativeOf } from '../../helpers/fake-native.ts'
import { global2M, lines, onFake, totals, writesOf } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const twoNodes = (options: FakeKernelOptions = {}) =>
  fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
      { id: 2, memory: 0n },
    ],
    ...options,
  })

for (const release of ['5.10', '6.1', '6.12', '6.19', '7.0'])
  t.test(`writes go to nr_hugepages_mempolicy under the policy, on ${release}`, async (t) => {
    const kernel = twoNodes({ release })
    const calls: string[] = []
    const native = nativeOf(kernel, calls)
    const at = (line: string) => onFake(kernel, `${line} -nro NODE,BEFORE,AFTER`, { native })
    const nodeTwo = release === '5.10' ? '' : '2 0 0\n'
    t.same(await at('resize 2M=4 --mempolicy bind:1'), {
      status: 0,
      stdout: `all 0 4\n0 0 0\n1 0 4\n${nodeTwo}`,
      stderr: '',
    })
    await at('resize 2M=8 --mempolicy interleave:0-1')
    t.same(totals(kernel), [2, 6])
    await at('resize 2M=9 --mempolicy preferred:0')
    t.same(totals(kernel), [3, 6])
    t.same(
      writesOf(kernel),
      [4, 8, 9].map((pages) => `2048kB nr_hugepages_mempolicy=${pages}`),
    )
    t.same(calls, ['2:1', '0:', '3:0,1', '0:', '1:0', '0:'])
    t.equal(kernel.policy, undefined)
  })

t.test('each write of a long growth is under the policy', async (t) => {
  const kernel = twoNodes()
  const calls: string[] = []
  const { status } = await onFake(kernel, 'resize 2M=1500 --mempolicy bind:1', {
    native: nativeOf(kernel, calls),
  })
  t.equal(status, 0)
  t.same(totals(kernel), [0, 1500])
  t.same(
    calls,
    kernel.writes.flatMap(() => ['2:1', '0:']),
  )
  t.ok(kernel.writes.length > 1)
})

t.test('the policy that the caller had is the one put back', async (t) => {
  const kernel = twoNodes()
  const native = nativeOf(kernel)
  native.setMempolicy(3, [0])
  await onFake(kernel, 'resize 2M=4 --mempolicy bind:1', { native })
  t.same(native.getMempolicy(), { mode: 3, nodes: [0] })
  t.same(totals(kernel), [0, 4])
})

t.test('the policy is put back when the write throws', async (t) => {
  const kernel = twoNodes()
  const path = `${global2M}/nr_hugepages_mempolicy`
  kernel.failWrite(path, 'EIO')
  const calls: string[] = []
  const native = nativeOf(kernel, calls)
  t.same(await onFake(kernel, 'resize 2M=4 --mempolicy bind:1', { native }), {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${path}: input/output error (EIO)\n`,
  })
  t.same(calls, ['2:1', '0:'])
})

t.test('a policy that the kernel refuses', async (t) => {
  const kernel = twoNodes()
  const setMempolicy = () => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'set_mempolicy' })
  }
  const native = { ...nativeOf(kernel), setMempolicy }
  t.equal((await onFake(kernel, 'resize 2M=4 --mempolicy bind:1', { native })).status, 3)
  t.same(kernel.writes, [])
})

t.test('a shrink takes pages from the nodes of the policy only', async (t) => {
  const kernel = twoNodes({ pools: [{ size: 2n * M, persistent: { 0: 4n, 1: 2n } }] })
  t.same(await onFake(kernel, 'resize 2M=0 --mempolicy bind:1 -nro NODE,AFTER,OUTCOME'), {
    status: 64,
    stdout: 'all 4 partial\n0 4 -\n1 0 -\n2 0 -\n',
    stderr: lines(
      'hugepool: note: 2M: 4 pages are on node 0, which the policy leaves alone: no fewer will remain',
      'hugepool: 2M: asked for 0, still 4: 4 short',
    ),
  })
})

const wrong = [
  [
    'resize 2M=0:4 --mempolicy bind:0',
    2,
    lines(
      'hugepool: --mempolicy is for whole pools, so no node can be named beside it',
      "try 'hugepool resize --help'",
    ),
  ],
  [
    'resize 2M=4 --mempolicy bind:7',
    4,
    lines('hugepool: there is no node 7 here', 'hint: this machine has nodes 0-2'),
  ],
  [
    'resize 2M=4 --mempolicy bind:2',
    4,
    lines('hugepool: node 2 has no memory', 'hint: nodes 0-1 have memory'),
  ],
  [
    'resize 2M=4000 --mempolicy bind:1',
    1,
    lines(
      'hugepool: 4000 pages of 2M would leave less than 81M of the 4G of memory available on node 1',
      'hint: the largest count that fits is 2M=2007; --leave AMOUNT changes the margin,' +
        ' --leave 0 lets the kernel try',
    ),
  ],
] as const

for (const [line, status, stderr] of wrong)
  t.test(`${line} is refused before any write`, async (t) => {
    const kernel = twoNodes()
    t.same(await onFake(kernel, line), { status, stdout: '', stderr })
    t.same(kernel.writes, [])
  })

const cpuset =
  'hugepool: note: the cpuset of this process allows node 0 only: the kernel gives nothing on node 1\n'

t.test('a cpuset that keeps the writer from nodes is told before writing', async (t) => {
  const kernel = twoNodes({ memsAllowed: [0], release: '6.1' })
  t.same(await onFake(kernel, 'resize 2M=5 -nro NODE,AFTER'), {
    status: 0,
    stdout: 'all 5\n0 5\n1 0\n2 0\n',
    stderr: cpuset,
  })
  const { status, stderr } = await onFake(kernel, 'resize 2M=1:5 -nr')
  t.equal(status, 64)
  t.ok(stderr.startsWith(`${cpuset}hugepool: 2M on node 1: asked for 5, got 0: 5 short\n`))
  t.equal((await onFake(kernel, 'resize 2M=4 --mempolicy bind:1')).stderr.includes('cpuset'), false)
  t.ok((await onFake(kernel, 'resize 2M=6 --mempolicy bind:1')).stderr.startsWith(cpuset))
  t.equal((await onFake(kernel, 'resize 2M=0:6')).stderr, '', 'not where no such node is asked for')
  t.equal(
    (await onFake(kernel, 'resize 2M=9 --dry-run')).stderr,
    cpuset,
    'a dry run says it as well',
  )
  t.equal((await onFake(kernel, 'resize 2M=0')).stderr, '', 'nor for a shrink')
})
