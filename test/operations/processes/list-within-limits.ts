import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global2M, onFake } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

const group = '/sys/fs/cgroup/db'

const limits = {
  '/proc/self/cgroup': '0::/db\n',
  [`${group}/hugetlb.2MB.max`]: `${3 * 2 ** 21}\n`,
  [`${group}/hugetlb.2MB.current`]: '0\n',
  [`${group}/hugetlb.1GB.max`]: '0\n',
  [`${group}/hugetlb.1GB.current`]: '0\n',
}

const machine = (persistent: bigint) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 8n * G }],
    pools: [{ size: 2n * M, persistent: { 0: persistent } }, { size: G }],
  })
  for (const [path, text] of Object.entries(limits)) kernel.extra.set(path, text)
  return kernel
}

const words =
  '2M: the cgroup /db allows 6M (hugetlb.2MB.max) and has 0: 3 more pages can be had here, of 4 available'

t.test('a limit below what is available is noted, of the sizes that are listed', async (t) => {
  const list = 'list -nro SIZE,AVAILABLE'
  t.strictSame(await onFake(machine(4n), list), {
    status: 0,
    stdout: '2M 4\n1G 0\n',
    stderr: `hugepool: note: ${words}\n`,
  })
  t.strictSame(await onFake(machine(3n), list), { status: 0, stdout: '2M 3\n1G 0\n', stderr: '' })
  t.equal((await onFake(machine(4n), `${list} 1G`)).stderr, '')
})

t.test('a document has the note', async (t) => {
  const { stdout } = await onFake(machine(4n), 'list 2M --json')
  t.strictSame(JSON.parse(stdout).notes, [words])
})

t.test('cgroups are not looked at where nothing is available', async (t) => {
  const kernel = machine(0n)
  const read: string[] = []
  kernel.onRead = (path) => {
    if (path.includes('cgroup')) read.push(path)
  }
  t.equal((await onFake(kernel, 'list')).stderr, '')
  t.strictSame(read, [])
  kernel.write(`${global2M}/nr_hugepages`, '1')
  t.equal((await onFake(kernel, 'list')).stderr, '')
  t.equal(read[0], '/proc/self/cgroup')
})

t.test('a pool whose counters cannot be read has no note', async (t) => {
  const kernel = machine(4n)
  kernel.failRead(`${global2M}/free_hugepages`, 'EIO', 'always')
  const { stderr } = await onFake(kernel, 'list')
  t.notMatch(stderr, 'cgroup')
  t.match(stderr, 'EIO', 'always')
})
