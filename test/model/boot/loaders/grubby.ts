import t from 'tap'
import { grubby } from '../../../../src/model/boot/loaders/grubby.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const folder = '/boot/loader/entries'
const names =
  'hugepages hugepagesz default_hugepagesz hugetlb_cma hugetlb_cma_only hugetlb_free_vmemmap hugepage_alloc_threads'
const entry = (options: string, version = '5.14.0') => ({
  [`${folder}/a-${version}.conf`]: `title T ${version}\nversion ${version}\noptions ${options}\n`,
})

t.test('it is there where it has entries', async (t) => {
  t.equal(grubby.isHere(bootFiles(entry('a'), { programs: ['grubby'] })), true)
  t.equal(grubby.isHere(bootFiles(entry('a'))), false)
  t.equal(grubby.isHere(bootFiles({}, { programs: ['grubby'] })), false)
})

t.test('one call with all names and all words, and zipl where it has to follow', async (t) => {
  const commands = (wanted: string, options = 'a', architecture = 'x86_64') =>
    grubby.commands(bootFiles(entry(options), { architecture }), { wanted, takesOver: false })
  const update = ['grubby', '--update-kernel=ALL']
  t.strictSame(commands('hugepagesz=1G hugepages=2'), [
    [...update, `--remove-args=${names}`, '--args=hugepagesz=1G hugepages=2'],
  ])
  t.strictSame(commands(''), [[...update, `--remove-args=${names}`]])
  t.strictSame(commands('', 'default-hugepagesz=1G hugepages=1 default-hugepagesz=2M'), [
    [...update, `--remove-args=${names} default-hugepagesz`],
  ])
  t.strictSame(commands('', 'a', 's390x'), [[...update, `--remove-args=${names}`], ['zipl']])
})

t.test(
  'the entry that the environment or zipl names comes first, with its variables',
  async (t) => {
    const texts = { ...entry('$kernelopts $tuned_params a'), ...entry('b', '5.9.0') }
    const lines = (more: Readonly<Record<string, string>>, architecture = 'x86_64') =>
      grubby.entries(bootFiles({ ...texts, ...more }, { architecture })).map(({ line }) => line)
    const environment = '# GRUB\nkernelopts=root=x\ntuned_params=y\n'
    t.strictSame(lines({ '/boot/grub2/grubenv': environment }), ['root=x y a', 'b'])
    const saved = `${environment}saved_entry=a-5.9.0\n`
    t.strictSame(lines({ '/boot/grub2/grubenv': saved }), ['b', 'root=x y a'])
    const once = `${environment}saved_entry=a-5.14.0\nnext_entry=a-5.9.0\n`
    t.strictSame(lines({ '/boot/grub2/grubenv': once }), ['b', 'root=x y a'])
    const zipl = { '/etc/zipl.conf': '[defaultboot]\ndefault=T 5.9.0\n' }
    t.strictSame(lines(zipl, 's390x'), ['b', 'a'])
    t.strictSame(lines(zipl), ['a', 'b'])
  },
)
