import t from 'tap'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { cellsOf, global1G, global2M, node2M, number } from '../../helpers/on-fake.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('numbers', async (t) => {
  const kernel = fakeKernel()
  const path = `${global2M}/nr_hugepages`
  for (const text of ['-1', 'abc', '1.5', '0x10', ' 5', '5 ', '5 6', '', '5\n'])
    t.throws(() => kernel.write(path, text), { code: 'EINVAL', errno: -22, syscall: 'write' }, text)
  t.throws(() => kernel.write(path, `${2n ** 64n}`), { code: 'ERANGE' })
  kernel.write(path, '010')
  t.equal(kernel.read(path), '10\n')
  kernel.write(path, '+6')
  t.equal(kernel.read(path), '6\n')
  const sysctl = '/proc/sys/vm/nr_hugepages'
  for (const text of ['-1', 'abc', '1.5', '+6', `${2n ** 64n}`, ''])
    t.throws(() => kernel.write(sysctl, text), { code: 'EINVAL' }, text)
  const read = ['0x10', '010', ' 5', '5 ', '5 6', '7\n'].map((text) => {
    kernel.write(sysctl, text)
    return number(kernel, sysctl)
  })
  t.same(read, [16, 8, 5, 5, 5, 7])
  kernel.write(`${global2M}/nr_overcommit_hugepages`, `${2n ** 64n - 1n}`)
  t.equal(kernel.read('/proc/sys/vm/nr_overcommit_hugepages'), '18446744073709551615\n')
})

t.test('gigantic pools take overcommit from 6.19', async (t) => {
  const path = `${global1G}/nr_overcommit_hugepages`
  t.throws(() => fakeKernel({ release: '6.18' }).write(path, '0'), { code: 'EINVAL' })
  const kernel = fakeKernel({ release: '6.19' })
  kernel.write(path, '1')
  kernel.map(G, 1n)
  t.same(cellsOf(kernel, global1G), [1, 1, 1, 1])
})

t.test('what is listed, what is missing and what is read-only', async (t) => {
  const kernel = fakeKernel()
  t.same([...kernel.list(global1G)].sort(), [
    'demote',
    'demote_size',
    'free_hugepages',
    'nr_hugepages',
    'nr_hugepages_mempolicy',
    'nr_overcommit_hugepages',
    'resv_hugepages',
    'surplus_hugepages',
  ])
  t.same([...kernel.list(node2M(0))].sort(), [
    'free_hugepages',
    'nr_hugepages',
    'surplus_hugepages',
  ])
  t.throws(() => kernel.list('/nowhere'), { code: 'ENOENT', syscall: 'scandir', path: '/nowhere' })
  t.throws(() => kernel.read('/nowhere'), { code: 'ENOENT', syscall: 'open', path: '/nowhere' })
  t.throws(() => kernel.write(`${global2M}/free_hugepages`, '1'), { code: 'EACCES' })
  t.throws(() => kernel.checkWritable(`${global2M}/resv_hugepages`), { code: 'EACCES' })
  kernel.checkWritable(`${global2M}/nr_hugepages`)
  const flat = fakeKernel({ numa: false })
  t.throws(() => flat.list('/sys/devices/system/node'), { code: 'ENOENT' })
  t.notOk(flat.list(global2M).includes('nr_hugepages_mempolicy'))
  const none = fakeKernel({ sizes: [] })
  t.throws(() => none.list('/sys/kernel/mm/hugepages'), { code: 'ENOENT' })
  t.notMatch(none.read('/proc/meminfo'), /Huge/)
})

t.test('faults, limits and hooks', async (t) => {
  const kernel = fakeKernel()
  const path = `${global2M}/nr_hugepages`
  const before = kernel.snapshot()
  kernel.failWrite(path, 'EIO')
  t.throws(() => kernel.write(path, '1'), { code: 'EIO', syscall: 'write' })
  kernel.failRead(path, 'EPERM', 'always')
  t.throws(() => kernel.read(path), { code: 'EPERM', syscall: 'open', path })
  t.throws(() => kernel.read(path), { code: 'EPERM' })
  t.same(kernel.snapshot(), before)
  kernel.limitGrowth(path, 2n)
  kernel.write(path, '3')
  kernel.write(path, '3')
  t.equal(kernel.snapshot()[path], '3')
  kernel.limitGrowth(G, 0n)
  kernel.write(`${global1G}/nr_hugepages`, '3')
  t.same(cellsOf(kernel, global1G), [0, 0, 0, 0])
  kernel.readOnly = true
  t.throws(() => kernel.write(path, '1'), { code: 'EROFS', syscall: 'open', path })
  t.throws(() => kernel.checkWritable(path), { code: 'EROFS', syscall: 'access', path })
  kernel.readOnly = false
  kernel.unprivileged = true
  t.throws(() => kernel.write(path, '1'), { code: 'EACCES' })
  t.same(
    kernel.writes.map(({ value }) => value),
    ['1', '3', '3', '3', '1', '1'],
  )
  kernel.resvWrap(2n * M)
  const seen: string[] = []
  kernel.onRead = (read) => seen.push(read)
  t.equal(kernel.read(`${global2M}/resv_hugepages`), '18446744073709551615\n')
  t.same(seen, [`${global2M}/resv_hugepages`])
})
