import t from 'tap'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import {
  global1G,
  global2M,
  lines,
  onFake,
  signalDuringWrite,
  writesOf,
} from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const heading = 'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME'
const machine = (release: string, overcommit = 0n) =>
  fakeKernel({ release, nodes: [{ id: 0, memory: 4n * G }], pools: [{ size: 2n * M, overcommit }] })

for (const release of ['5.10', '6.1', '6.12', '6.19', '7.0'])
  t.test(`absolute, relative and as an amount, on ${release}`, async (t) => {
    const kernel = machine(release)
    t.same(await onFake(kernel, 'overcommit 2M=128'), {
      status: 0,
      stdout: lines(heading, '2M     all       0        128    128      0  done'),
      stderr: '',
    })
    t.equal((await onFake(kernel, 'overcommit 2M=-30 -nr')).stdout, '2M all 128 98 98 0 done\n')
    t.equal((await onFake(kernel, 'overcommit 2M=+2 -nr')).stdout, '2M all 98 100 100 0 done\n')
    t.equal((await onFake(kernel, 'overcommit 2M=1G -nr')).stdout, '2M all 100 512 512 0 done\n')
    t.equal((await onFake(kernel, 'overcommit 2M=-8M -nr')).stdout, '2M all 512 508 508 0 done\n')
    t.equal(
      (await onFake(kernel, 'overcommit default=10% -nr')).stdout,
      '2M all 508 204 204 0 done\n',
    )
    const writes = kernel.writes.length
    t.equal(
      (await onFake(kernel, 'overcommit 2M=204 -nr')).stdout,
      '2M all 204 204 204 0 unchanged\n',
    )
    t.equal(kernel.writes.length, writes)
  })

t.test('surplus that exists is no obstacle, and no pages go', async (t) => {
  const kernel = machine('6.12', 5n)
  kernel.map(2n * M, 5n)
  t.equal((await onFake(kernel, 'overcommit 2M=2 -nr')).stdout, '2M all 5 2 2 0 done\n')
  t.equal(kernel.snapshot()[`${global2M}/surplus_hugepages`], '5')
})

const wrong = [
  [
    'overcommit 2M=0:1',
    lines(
      "hugepool: '2M=0:1': the kernel has no overcommit per node",
      'hint: write it as SIZE=COUNT',
    ),
  ],
  ['overcommit 2M=1 --node 0', lines('hugepool: unknown option --node')],
  [
    'overcommit 2M=max',
    lines('hugepool: overcommit 2M=max says nothing: overcommit takes no memory until it is used'),
  ],
  [
    'overcommit 2M=3M',
    lines(
      'hugepool: 3M is not a whole number of 2M pages',
      'hint: the nearest amounts are 2M and 4M; 2M=4M or --round up takes the larger',
    ),
  ],
] as const

for (const [line, words] of wrong)
  t.test(`${line} is an error before any write`, async (t) => {
    const kernel = machine('6.12')
    const stderr = `${words}try 'hugepool overcommit --help'\n`
    t.same(await onFake(kernel, line), { status: 2, stdout: '', stderr })
    t.same(kernel.writes, [])
  })

t.test('below zero is an error before any write', async (t) => {
  const kernel = machine('6.12', 5n)
  const { status, stdout, stderr } = await onFake(kernel, 'overcommit 2M=-6')
  t.same({ status, stdout }, { status: 2, stdout: '' })
  t.match(stderr, /^hugepool: 2M has 5: cannot take 6 away\n/)
  t.same(kernel.writes, [])
})

const refusal = lines(
  `hugepool: ${global1G}/nr_overcommit_hugepages: the kernel allows no overcommit of 1G pages (EINVAL)`,
  'hint: overcommit of gigantic pages exists from Linux 6.19 on; resize makes persistent ones',
)

/** A kernel that does not tell its version, so that its answer to a write decides. */
const nameless = (kernel: FakeKernel): FakeKernel => {
  const read = (path: string) => {
    if (path !== '/proc/sys/kernel/osrelease') return kernel.read(path)
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
  }
  return Object.create(kernel, { read: { value: read } })
}

for (const release of ['5.10', '6.1', '6.12'])
  t.test(`gigantic pages have none on ${release}: the kernel's answer decides`, async (t) => {
    const kernel = nameless(machine(release))
    t.same(await onFake(kernel, 'overcommit 1G=1'), { status: 4, stdout: '', stderr: refusal })
    t.same(writesOf(kernel), ['1048576kB nr_overcommit_hugepages=1'])
  })

for (const release of ['6.19', '7.0'])
  t.test(`gigantic pages have overcommit on ${release}`, async (t) => {
    const kernel = machine(release)
    t.same(await onFake(kernel, 'overcommit 1G=1 2M=5 -nr'), {
      status: 0,
      stdout: '1G all 0 1 1 0 done\n2M all 0 5 5 0 done\n',
      stderr: '',
    })
    kernel.map(G, 1n)
    t.equal(kernel.snapshot()[`${global1G}/surplus_hugepages`], '1')
  })

/** What shrinks is written first, so the pool of 2M pages is done when the other one fails. */
t.test('the second of two pools fails: the first is shown', async (t) => {
  const kernel = nameless(machine('6.12', 9n))
  t.same(await onFake(kernel, 'overcommit 2M=5 1G=1'), {
    status: 64,
    stdout: lines(
      heading,
      '2M     all       9          5      5      0  done',
      '1G     all       0          1      0      1  partial',
    ),
    stderr: `hugepool: 1G: asked for 1, got 0: 1 short\n${refusal}`,
  })
})

t.test('the second of two pools fails: the first is put back', async (t) => {
  const kernel = nameless(machine('6.12', 9n))
  const before = kernel.snapshot()
  const { status, stdout, stderr } = await onFake(kernel, 'overcommit 2M=5 1G=1 --all-or-nothing')
  t.same({ status, stdout }, { status: 1, stdout: '' })
  t.match(
    stderr,
    /overcommit of 1G pages \(EINVAL\); put back as before: 2M, 1G\nhint: overcommit of gigantic pages exists from Linux 6.19 on/,
  )
  t.same(kernel.snapshot(), before)
})

t.test('the second of two pools fails after a signal came: it is not tried', async (t) => {
  const kernel = nameless(machine('6.12', 9n))
  const { status } = await onFake(kernel, 'overcommit 2M=5 1G=1', signalDuringWrite(kernel, 1))
  t.equal(status, 'SIGINT')
  t.same(writesOf(kernel), ['2048kB nr_overcommit_hugepages=5'])
})

t.test('numbers keep all their digits', async (t) => {
  const kernel = machine('6.12', 2n ** 64n - 1n)
  t.equal((await onFake(kernel, 'list 2M -nro OVERCOMMIT')).stdout, '18446744073709551615\n')
  t.match((await onFake(kernel, 'list 2M -J')).stdout, /"overcommit":18446744073709551615,/)
  t.equal(
    (await onFake(kernel, 'overcommit 2M=9223372036854775807 -nr')).stdout,
    '2M all 18446744073709551615 9223372036854775807 9223372036854775807 0 done\n',
  )
})

t.test('a pool without the attribute has no overcommit', async (t) => {
  const kernel = machine('6.12')
  kernel.failRead(`${global2M}/nr_overcommit_hugepages`, 'ENOENT', 'always')
  t.same(await onFake(kernel, 'overcommit 2M=1'), {
    status: 4,
    stdout: '',
    stderr: 'hugepool: 2M pages have no overcommit here\n',
  })
})

t.test('a dry run refuses gigantic pages as the kernel does', async (t) => {
  const old = fakeKernel({ release: '6.12', nodes: [{ id: 0, memory: 4n * G }] })
  const real = await onFake(old, 'overcommit 1G=1')
  const recorded = await onFake(old, 'overcommit 1G=1 --dry-run')
  t.strictSame(recorded, real, 'of a recorded machine too')
  t.same(writesOf(old), [], 'in which nothing is written')
  Object.defineProperty(old, 'root', { value: '/' })
  const dry = await onFake(old, 'overcommit 1G=1 --dry-run')
  t.equal(real.status, 4)
  t.strictSame(dry, real)
  const recent = fakeKernel({ release: '6.19', nodes: [{ id: 0, memory: 4n * G }] })
  Object.defineProperty(recent, 'root', { value: '/' })
  t.equal((await onFake(recent, 'overcommit 1G=1 --dry-run')).status, 0)
})
