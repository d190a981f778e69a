import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global2M, lines, node2M, onFake } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const heading = 'SIZE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  MEMORY'
const empty1G = '1G        0     0         0          0       0        0       0'

const machine = (release = '6.12') =>
  fakeKernel({
    release,
    nodes: [{ id: 0, memory: 4n * G }],
    pools: [{ size: 2n * M, persistent: { 0: 4n }, overcommit: 4n }],
  })

for (const release of ['5.10', '6.1', '6.12', '6.19', '7.0'])
  t.test(`pools in use, on ${release}`, async (t) => {
    const kernel = machine(release)
    kernel.map(2n * M, 6n).touch(3n)
    const { status, stdout, stderr } = await onFake(
      kernel,
      'list -nro TOTAL,PERSISTENT,FREE,RESERVED,AVAILABLE,IN-USE,SURPLUS 2M',
    )
    t.same({ status, stdout, stderr }, { status: 0, stdout: '6 4 3 3 0 3 2\n', stderr: '' })
  })

t.test('counters that change are read until two readings agree', async (t) => {
  const kernel = machine()
  let changes = 0
  kernel.onRead = (path) => {
    if (path !== `${global2M}/free_hugepages` || changes === 5) return
    changes += 1
    kernel.write(`${global2M}/nr_hugepages`, `${4 - (changes % 4)}`)
  }
  t.same(await onFake(kernel, 'list'), {
    status: 0,
    stdout: lines(
      heading,
      '2M        3     3         0          3       0        0      6M',
      empty1G,
    ),
    stderr: '',
  })
  t.equal(changes, 5)
})

t.test('counters that never agree: a bound, and words about it', async (t) => {
  const kernel = machine()
  let reads = 0
  kernel.onRead = (path) => {
    if (path !== `${global2M}/free_hugepages`) return
    reads += 1
    kernel.write(`${global2M}/nr_hugepages`, `${1 + (reads % 3)}`)
  }
  const { status, stdout, stderr } = await onFake(kernel, 'list 2M -nro TOTAL,FREE,IN-USE')
  t.equal(status, 0)
  t.equal(
    stderr,
    'hugepool: note: 2M: the counters kept changing while they were read, or contradict each other: do not rely on them\n',
  )
  const [total = 0, free = 0, inUse = -1] = stdout.split(' ').map(Number)
  t.ok(free <= total && inUse >= 0, stdout)
  t.equal(reads, 16)
})

t.test('a reading that makes no sense is not shown where there was a better one', async (t) => {
  const kernel = machine()
  let reads = 0
  kernel.onRead = (path) => {
    if (path === `${global2M}/nr_hugepages`) kernel.write(path, '0')
    if (path !== `${global2M}/free_hugepages`) return
    reads += 1
    kernel.write(`${global2M}/nr_hugepages`, `${reads === 7 ? 0 : reads}`)
  }
  const { stdout, stderr } = await onFake(kernel, 'list 2M -nro TOTAL,FREE,IN-USE')
  t.equal(stdout, '0 0 0\n', 'free was above total in all others')
  t.match(stderr, /kept changing/)
})

t.test('the counters of nodes have to agree too', async (t) => {
  const kernel = machine()
  let changes = 0
  kernel.onRead = (path) => {
    if (path !== `${node2M(0)}/free_hugepages` || changes === 3) return
    changes += 1
    kernel.write(`${global2M}/nr_hugepages`, `${4 + changes}`)
  }
  const { stdout, stderr } = await onFake(kernel, 'list 2M -N -nro NODE,TOTAL,FREE')
  t.same({ stdout, stderr }, { stdout: 'all 7 7\n0 7 7\n', stderr: '' })
})

const wrapped =
  "hugepool: note: 2M: the kernel's count of reserved pages is below zero, a flaw of the kernel; available counts it as 0\n"

for (const release of ['6.12', '6.19', '7.0'])
  t.test(`a reservation that wrapped is -1, on ${release}`, async (t) => {
    const kernel = machine(release)
    kernel.resvWrap(2n * M)
    t.same(await onFake(kernel, 'list 2M -nro FREE,RESERVED,AVAILABLE'), {
      status: 0,
      stdout: '4 -1 4\n',
      stderr: wrapped,
    })
    const json = await onFake(kernel, 'list 2M --json')
    t.equal(json.stderr, wrapped)
    t.match(json.stdout, /"reserved":-1,"available":4,/)
    t.match((await onFake(kernel, 'list 1G')).stderr, /^$/)
    t.equal((await onFake(kernel, 'resize 2M=6 -nr')).stdout, '2M all 4 6 6 0 done\n')
  })

t.test('no HugeTLB', async (t) => {
  const kernel = fakeKernel({ sizes: [] })
  const stderr = lines(
    'hugepool: this kernel has no HugeTLB pools: /sys/kernel/mm/hugepages is missing',
    'hint: the kernel needs CONFIG_HUGETLBFS and CONFIG_HUGETLB_PAGE, and a CPU with huge pages',
  )
  for (const line of ['list', 'resize 2M=1', 'overcommit 2M=1', 'demote 2M=1'])
    t.same(await onFake(kernel, line), { status: 4, stdout: '', stderr }, line)
  const json = await onFake(kernel, 'list --json')
  t.same({ ...JSON.parse(json.stdout), error: 0 }, { version: 1, pools: [], error: 0 })
})
