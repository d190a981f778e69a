import t from 'tap'
import {
  grubEntries,
  grubVariables,
  releaseIn,
} from '../../../../src/model/boot/loaders/grub-menu.ts'

const menu = `set default="0"
function load_video {
  insmod all
}
menuentry 'One' --class a $menuentry_id_option 'id-one' {
	load_video
	linux	/boot/vmlinuz-6.1.0-49-amd64 root=UUID=a ro  quiet
	initrd	/boot/initrd
}
submenu "More" $menuentry_id_option 'id-more' {
	menuentry "Two" --id id-two {
		linux	/vmlinuz-5.10.0 root=a
	}
}
menuentry Three {
	linuxefi /Image-6.12.0
}
menuentry 'Other' {
	chainloader +1
}
`
const entry = (title: string, line: string, release: string) => ({
  path: '/g',
  title,
  release,
  line,
})
const one = entry('One', 'root=UUID=a ro  quiet', '6.1.0-49-amd64')
const two = entry('Two', 'root=a', '5.10.0')
const three = entry('Three', '', '6.12.0')

t.test('the entries that start a kernel, the default first', async (t) => {
  const named = (name: string, environment = '') =>
    grubEntries(menu.replace('default="0"', `default="${name}"`), '/g', environment)
  t.strictSame(named('0'), [one, two, three])
  t.strictSame(named('2'), [three, one, two], 'places count entries and submenus at the top')
  t.strictSame(named('id-one'), [one, two, three])
  t.strictSame(named('id-more>id-two'), [two, one, three])
  t.strictSame(named('Three'), [three, one, two])
  t.strictSame(named('1>0'), [two, one, three])
  t.strictSame(named('More>0'), [two, one, three])
  t.strictSame(named('1'), [two, one, three], 'the first of a submenu')
  t.strictSame(named('1>1'), [one, two, three], 'a place that there is not')
  t.strictSame(named('gone'), [one, two, three])
  t.strictSame(named('$' + '{saved_entry}', 'saved_entry=id-two\n'), [two, one, three])
  t.strictSame(named('$saved_entry', ''), [one, two, three])
  t.strictSame(grubEntries('', '/g', ''), [])
})

t.test('the last default that names something counts', async (t) => {
  const text = menu.replace(
    'set default="0"',
    '   set default="$' + '{next_entry}"\n set default="2"\nset default=""',
  )
  t.strictSame(grubEntries(text, '/g', '')[0], three)
  t.strictSame(grubEntries(text, '/g', 'next_entry=1>id-two\n')[0], two, 'but for one start')
  const commented = `${menu}# set default="2" boots the third\n`
  t.strictSame(grubEntries(commented, '/g', '')[0], one, 'a comment sets none')
})

t.test('variables of the environment', async (t) => {
  const text = '# GRUB Environment Block\nsaved_entry=a b\nkernelopts=root=/dev/x ro\nempty=\n####'
  t.strictSame(
    [...grubVariables(text)],
    [
      ['saved_entry', 'a b'],
      ['kernelopts', 'root=/dev/x ro'],
      ['empty', ''],
    ],
  )
})

t.test('the release in the name of a kernel', async (t) => {
  t.equal(releaseIn('/boot/vmlinuz-6.1.0-49-amd64'), '6.1.0-49-amd64')
  t.equal(releaseIn('/vmlinux-5.10'), '5.10')
  t.equal(releaseIn('/vmlinuz'), undefined)
  t.equal(releaseIn('/vmlinuz-linux'), undefined)
})

t.test('empty lines and long words take no longer than their number says', async (t) => {
  const lines = '\n'.repeat(400_000)
  const word = 'linux-1'.repeat(100_000)
  const text = `${lines}set default="1"${lines}menuentry a {\nlinux /${word}/x\r${word}\r\n}\n`
  t.strictSame(grubEntries(text, '/g', ''), [{ path: '/g', title: 'a', line: word }])
})
