import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { lines, onFake } from '../../helpers/on-fake.ts'
import { scratch } from '../../helpers/persist.ts'
import { run, temporary, treeCopy } from '../../helpers/run.ts'
import { twoNodes } from '../../helpers/test-on-fake.ts'

const text =
  '[pools.1G]\npages = "0:2,1:2"\nboot = true\n[pools.2M]\npages = 512\n[boot]\ndefault-page-size = "1G"\nfree-vmemmap = true\n'

const from = (file: string, ...words: readonly string[]) =>
  onFake(fakeKernel({ ...twoNodes, release: '6.18' }), [
    'boot',
    '--from-config',
    '--config',
    file,
    ...words,
  ])

t.test('pools with boot = true, and the table [boot]', async (t) => {
  const root = temporary(t)
  scratch(root, { '/a.toml': text })
  t.strictSame(await from(`${root}/a.toml`), {
    status: 0,
    stdout: lines('default_hugepagesz=1G hugepagesz=1G hugepages=0:2,1:2 hugetlb_free_vmemmap=on'),
    stderr: '',
  })
})

t.test('the memory that the files leave, or the call', async (t) => {
  const root = temporary(t)
  scratch(root, { '/a.toml': `leave = "7G"\n${text}` })
  const refused = await from(`${root}/a.toml`)
  t.equal(refused.status, 1)
  t.match(refused.stderr, /^hugepool: 2 pages of 1G would leave less than 7G of the 8G/)
  t.equal((await from(`${root}/a.toml`, '--leave', '6G')).status, 0)
})

t.test('files that are wrong', async (t) => {
  const root = temporary(t)
  scratch(root, { '/a.toml': '[pools.2M]\nbot = true\n' })
  t.equal((await from(`${root}/a.toml`)).status, 2)
})

t.test('no configuration at all, and that of the machine', async (t) => {
  const root = treeCopy(t, 'two-nodes')
  const machine = () => run(['boot', '--from-config'], { tree: directoryTree(root) })
  t.strictSame(await machine(), {
    status: 0,
    stdout: '',
    stderr: lines(
      'hugepool: note: there is no configuration: neither /etc/hugepool.toml nor a file of hugepool.d',
    ),
  })
  scratch(root, { '/etc/hugepool.toml': '[pools.2M]\npages = 8\nboot = true\n' })
  t.strictSame(await machine(), {
    status: 0,
    stdout: lines('hugepagesz=2M hugepages=8'),
    stderr: '',
  })
})
