import t from 'tap'
import { debianGrub } from '../../../../src/model/boot/loaders/debian-grub.ts'
import { ownMark, withoutWordsIn } from '../../../../src/model/boot/loaders/own-file.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'
import { systemdBootInfo } from '../../../helpers/loader-stage.ts'

const own = '/etc/default/grub.d/99-hugepool.cfg'
const patched = { '/usr/sbin/grub-mkconfig': 'for x in /etc/default/grub.d/*.cfg' }
const programs = ['update-grub']

t.test('it is there where grub-mkconfig reads drop-ins', async (t) => {
  t.equal(debianGrub.isHere(bootFiles(patched, { programs })), true)
  t.equal(debianGrub.isHere(bootFiles(patched)), false)
  t.equal(debianGrub.isHere(bootFiles({ '/usr/sbin/grub-mkconfig': 'x' }, { programs })), false)
  t.equal(debianGrub.isHere(bootFiles({ ...patched, ...systemdBootInfo }, { programs })), false)
  const installed = { ...patched, '/boot/efi/EFI/systemd': '' }
  t.equal(debianGrub.isHere(bootFiles(installed, { programs })), true, 'nothing says it starts')
})

t.test('a drop-in, and the program that reads it', async (t) => {
  const file = debianGrub.file?.(bootFiles())
  t.strictSame([file?.path, file?.isOwn], [own, true])
  const wanted = 'hugepages=2'
  const added = 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT hugepages=2"\n'
  t.equal(file?.write('', { wanted, takesOver: false }), `${ownMark}\n${added}`)
  t.equal(
    file?.write('', { wanted, takesOver: true }),
    `${ownMark}\n${withoutWordsIn('GRUB_CMDLINE_LINUX')}\n${withoutWordsIn('GRUB_CMDLINE_LINUX_DEFAULT')}\n${added}`,
  )
  t.strictSame(debianGrub.commands(bootFiles(), { wanted, takesOver: false }), [['update-grub']])
})

t.test('words of others, and what will be booted', async (t) => {
  const menu = "menuentry 'A' {\n linux /v a\n}\nmenuentry 'B' {\n linux /v b\n}\n"
  const files = bootFiles({
    '/etc/default/grub': 'GRUB_CMDLINE_LINUX="hugepages=1"\nGRUB_CMDLINE_XEN="hugepages=9"\n',
    '/etc/default/grub.d/a.cfg': "GRUB_CMDLINE_LINUX_DEFAULT='hugepages=2 a'\n",
    [own]: 'GRUB_CMDLINE_LINUX="hugepages=3"\n',
    '/boot/grub/grub.cfg': `set default="\${saved_entry}"\n${menu}`,
    '/boot/grub/grubenv': 'saved_entry=B\n',
  })
  t.strictSame(debianGrub.foreign?.(files), [
    { path: '/etc/default/grub', words: 'hugepages=1' },
    { path: '/etc/default/grub.d/a.cfg', words: 'hugepages=2' },
  ])
  t.strictSame(
    debianGrub.entries(files).map(({ line }) => line),
    ['b', 'a'],
  )
})
