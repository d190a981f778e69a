import t from 'tap'
import { ownMark, withoutWordsIn } from '../../../../src/model/boot/loaders/own-file.ts'
import {
  extlinuxEntries,
  uBootMenu,
  uBootUpdate,
} from '../../../../src/model/boot/loaders/u-boot-menu.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const own = '/etc/u-boot-menu/conf.d/90-hugepool.conf'

t.test('it is there where it reads drop-ins', async (t) => {
  const programs = ['u-boot-update']
  const reads = { [uBootUpdate]: 'for file in /etc/u-boot-menu/conf.d/*.conf' }
  t.equal(uBootMenu.isHere(bootFiles(reads, { programs })), true)
  t.equal(uBootMenu.isHere(bootFiles(reads)), false)
  t.equal(uBootMenu.isHere(bootFiles({ [uBootUpdate]: 'x' }, { programs })), false)
  t.equal(uBootMenu.isHere(bootFiles({}, { programs })), false)
})

t.test('a drop-in, and the program that reads it', async (t) => {
  const file = uBootMenu.file?.(bootFiles())
  t.strictSame([file?.path, file?.isOwn], [own, true])
  const head =
    `${ownMark}
if [ -z "$` +
    `{U_BOOT_PARAMETERS}" ] && [ -f /etc/kernel/cmdline ]; then
	U_BOOT_PARAMETERS="$(sed -e 's/root=[^[:space:]]*//' -e 's/^[[:space:]]*//' /etc/kernel/cmdline)"
	[ -n "$` +
    `{U_BOOT_ROOT}" ] || U_BOOT_ROOT="$(sed -En 's/.*(root=[^[:space:]]*).*/\\1/p' /etc/kernel/cmdline)"
fi
`
  const last = 'U_BOOT_PARAMETERS="$' + '{U_BOOT_PARAMETERS:-ro quiet} hugepages=2"\n'
  const wanted = 'hugepages=2'
  t.equal(file?.write('', { wanted, takesOver: false }), head + last)
  t.equal(
    file?.write('', { wanted, takesOver: true }),
    `${head}${withoutWordsIn('U_BOOT_PARAMETERS')}\n${last}`,
  )
  t.strictSame(uBootMenu.commands(bootFiles(), { wanted, takesOver: false }), [['u-boot-update']])
})

t.test('words of others', async (t) => {
  const files = bootFiles({
    '/etc/default/u-boot': 'U_BOOT_PARAMETERS="hugepages=1"\nU_BOOT_X="hugepages=9"\n',
    '/usr/share/u-boot-menu/conf.d/a.conf': 'U_BOOT_PARAMETERS=hugepages=2\n',
    [own]: 'U_BOOT_PARAMETERS=hugepages=3\n',
    '/etc/kernel/cmdline': 'root=a hugepages=4\n',
  })
  t.strictSame(uBootMenu.foreign?.(files), [
    { path: '/etc/default/u-boot', words: 'hugepages=1' },
    { path: '/usr/share/u-boot-menu/conf.d/a.conf', words: 'hugepages=2' },
    { path: '/etc/kernel/cmdline', words: 'hugepages=4' },
  ])
})

t.test('the label that is booted without a choice comes first', async (t) => {
  const label = (name: string, more: string) =>
    `\nlabel ${name}\n\tmenu label Debian ${name}\n\tlinux /boot/vmlinuz-6.1\n${more}`
  const text = (named: string) =>
    `default ${named}\nmenu title U\n${label('l0', '\tappend root=a b\n')}${label('l0r', '\n\tappend c')}\nlabel dos\n\tkernel x\n`
  const path = '/boot/extlinux/extlinux.conf'
  const [first, second] = [
    { path, title: 'Debian l0', release: '6.1', line: 'root=a b' },
    { path, title: 'Debian l0r', release: '6.1', line: 'c' },
  ]
  t.strictSame(extlinuxEntries(text('l0')), [first, second])
  t.strictSame(extlinuxEntries(text('l0r')), [second, first])
  t.strictSame(extlinuxEntries(text('gone')), [first, second])
  t.strictSame(extlinuxEntries(''), [])
  t.strictSame(extlinuxEntries('label a\n linux /x\n'), [{ path, title: 'a', line: '' }])
  t.strictSame(uBootMenu.entries(bootFiles({ [path]: text('l0') })), [first, second])
})

t.test('empty lines take no longer than their number says', async (t) => {
  const lines = '\n'.repeat(400_000)
  t.strictSame(extlinuxEntries(`label a\n${lines}linux /b\n${lines}x`), [
    { path: '/boot/extlinux/extlinux.conf', title: 'a', line: '' },
  ])
})
