import t from 'tap'
import { ownMark } from '../../../../src/model/boot/loaders/own-file.ts'
import { sdbootutil } from '../../../../src/model/boot/loaders/sdbootutil.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const settings = '/etc/sysconfig/bootloader'
const own = '/etc/kernel/cmdline.d/50-hugepool.conf'

t.test('it is there where it is used', async (t) => {
  const isHere = (type: string, programs = ['sdbootutil']) =>
    sdbootutil.isHere(bootFiles({ [settings]: `LOADER_TYPE="${type}"\n` }, { programs }))
  t.equal(isHere('systemd-boot'), true)
  t.equal(isHere('grub2-bls'), true)
  t.equal(isHere('grub2'), false)
  t.equal(isHere('systemd-boot', []), false)
  t.equal(sdbootutil.isHere(bootFiles({}, { programs: ['sdbootutil'] })), false)
})

t.test('a drop-in, and the program that reads it', async (t) => {
  const file = sdbootutil.file?.(bootFiles())
  t.strictSame([file?.path, file?.isOwn], [own, true])
  t.equal(file?.write('', { wanted: 'hugepages=2', takesOver: false }), `${ownMark}\nhugepages=2\n`)
  t.strictSame(sdbootutil.commands(bootFiles(), { wanted: '', takesOver: false }), [
    ['sdbootutil', 'update-all-entries'],
  ])
})

t.test('words of others, without comments', async (t) => {
  const files = bootFiles({
    '/etc/kernel/cmdline': 'a hugepages=1 # hugepages=2\n',
    '/etc/kernel/cmdline.d/10-a.conf': '#hugepages=3\n',
    [own]: 'hugepages=4\n',
  })
  t.strictSame(sdbootutil.foreign?.(files), [
    { path: '/etc/kernel/cmdline', words: 'hugepages=1' },
    { path: '/etc/kernel/cmdline.d/10-a.conf', words: '' },
  ])
})

t.test('the entry that loader.conf names comes first', async (t) => {
  const files = bootFiles({
    '/boot/efi/loader/loader.conf': 'timeout 3\ndefault b-*\n',
    '/boot/efi/loader/entries/a-2.conf': 'version 2\noptions a\n',
    '/boot/efi/loader/entries/b-1.conf': 'version 1\noptions b\n',
  })
  t.strictSame(
    sdbootutil.entries(files).map(({ line }) => line),
    ['b', 'a'],
  )
})
