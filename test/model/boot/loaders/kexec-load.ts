import t from 'tap'
import {
  kexecLine,
  kexecLoaded,
  kexecTraces,
} from '../../../../src/model/boot/loaders/kexec-load.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const settings = '/etc/default/kexec'
const menu = '/boot/grub/grub.cfg'
const programs = ['kexec']
const there = { '/etc/init.d/kexec-load': '', '/proc/cmdline': 'BOOT_IMAGE=/v root=a now\n' }
const lineOf = (
  texts: Readonly<Record<string, string>>,
  more: Parameters<typeof bootFiles>[1] = { programs },
) => kexecLine(bootFiles({ ...there, ...texts }, more))
const running = { path: '/proc/cmdline', line: 'BOOT_IMAGE=/v root=a now' }
const on = 'LOAD_KEXEC=true\n'

t.test('a reboot goes by kexec where that is set, and the script is there', async (t) => {
  t.strictSame(lineOf({ [settings]: on }), running)
  t.equal(lineOf({}), undefined)
  t.equal(lineOf({ [settings]: 'LOAD_KEXEC=false\n' }), undefined)
  t.equal(lineOf({ [settings]: `${on}LOAD_KEXEC=no\n` }), undefined)
  t.equal(lineOf({ [settings]: on, '/no-kexec-reboot': '' }), undefined)
  t.equal(lineOf({ [settings]: on }, {}), undefined)
  t.equal(kexecLine(bootFiles({ [settings]: on }, { programs })), undefined)
  t.strictSame(
    kexecLine(bootFiles({ [settings]: on, '/etc/init.d/kexec-load': '' }, { programs })),
    {
      path: '/proc/cmdline',
      line: '',
    },
  )
})

t.test('a kernel that is loaded already has a line that is not told', async (t) => {
  t.strictSame(kexecLine(bootFiles({ [kexecLoaded]: '1\n' })), { path: kexecLoaded })
  t.equal(kexecLine(bootFiles({ [kexecLoaded]: '0\n' })), undefined)
})

t.test('the words of its own settings, the last of which counts', async (t) => {
  t.strictSame(lineOf({ [settings]: `${on}APPEND="root=b ro"\n` }), {
    path: settings,
    line: 'root=b ro',
  })
  t.strictSame(lineOf({ [settings]: `${on}APPEND=""\n` }), running)
  const snippet = '/etc/default/kexec.d/local'
  t.strictSame(lineOf({ [settings]: `${on}APPEND=a\n`, [snippet]: "APPEND=' c '\n" }), {
    path: snippet,
    line: 'c',
  })
  t.strictSame(lineOf({ [settings]: `${on}APPEND=a\n`, [`${snippet}.conf`]: 'APPEND=c\n' }), {
    path: settings,
    line: 'a',
  })
  for (const value of ['"$(cat /proc/cmdline)"', '"`cat /proc/cmdline`"'])
    t.strictSame(lineOf({ [settings]: `${on}APPEND=${value}\n` }), { path: settings }, value)
})

const entries = (head: string) => `${head}
menuentry 'a' --class x {
	linux	/vmlinuz-1 root=a one
	initrd	/i
}
submenu 'more' {
	menuentry 'b' {
		linux /vmlinuz-2   root=b two  
	}
	menuentry 'c' {
		chainloader x
	}
}
`
/** A default that GRUB takes from its environment. */
const ofVariable = (name: string): string => `set default="$${`{${name}}`}"`

const viaGrub = (head: string, more: Readonly<Record<string, string>> = {}) =>
  lineOf({
    [settings]: `${on}USE_GRUB_CONFIG=true\nAPPEND=own\n`,
    [menu]: entries(head),
    ...more,
  })

t.test('the entry of grub.cfg, counted as the script counts', async (t) => {
  const first = { path: menu, line: 'root=a one' }
  const second = { path: menu, line: 'root=b two' }
  t.strictSame(viaGrub(''), first)
  t.strictSame(viaGrub(`${ofVariable('next_entry')}\nset default="0"`), first)
  t.strictSame(viaGrub('   set default="1"'), second)
  const saved = ofVariable('saved_entry')
  t.strictSame(viaGrub(saved, { '/boot/grub/grubenv': 'saved_entry=1\n' }), second)
  t.strictSame(viaGrub(saved), first)
  for (const name of ['2', '3', 'more>b', '1>0'])
    t.equal(viaGrub(`set default="${name}"`), undefined, `${name}: the script finds nothing`)
  t.equal(viaGrub('set default=1'), undefined, 'it wants quotes')
  t.strictSame(lineOf({ [settings]: `${on}USE_GRUB_CONFIG=true\nAPPEND=own\n` }), {
    path: settings,
    line: 'own',
  })
  t.strictSame(lineOf({ [settings]: `${on}USE_GRUB_CONFIG=false\n`, [menu]: entries('') }), running)
})

t.test('what has to be looked at', async (t) => {
  t.strictSame(kexecTraces, {
    texts: [settings, menu, '/boot/grub/grubenv', '/proc/cmdline', kexecLoaded],
    folders: ['/etc/default/kexec.d'],
    marks: ['/etc/init.d/kexec-load', '/no-kexec-reboot'],
    programs: ['kexec'],
  })
})
