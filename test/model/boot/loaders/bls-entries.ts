import t from 'tap'
import {
  blsEntries,
  blsValue,
  entryFolders,
} from '../../../../src/model/boot/loaders/bls-entries.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const folder = '/boot/loader/entries'
const text = (version: string, more = '') =>
  `title Linux ${version}\nversion ${version}\nlinux /vmlinuz-${version}\noptions root=a ro\n${more}`
const files = bootFiles({
  [`${folder}/m-5.9.0.conf`]: text('5.9.0'),
  [`${folder}/m-5.14.0.conf`]: text('5.14.0'),
  [`${folder}/m-0-rescue.conf`]: text('9-rescue'),
  [`${folder}/note.txt`]: text('99'),
})
const found = (version: string, name = version) => ({
  path: `${folder}/m-${name}.conf`,
  title: `Linux ${version}`,
  release: version,
  line: 'root=a ro',
})
const [late, early, rescue] = [found('5.14.0'), found('5.9.0'), found('9-rescue', '0-rescue')]

t.test('the latest kernel first, unless another is named', async (t) => {
  t.strictSame(blsEntries(files), [late, early, rescue])
  for (const named of ['m-5.9.0', 'm-5.9.0.conf', 'm-5.9*', 'Linux 5.9.0', '1'])
    t.strictSame(blsEntries(files, { named: [named] }), [early, late, rescue], named)
  for (const named of ['m-5.9', 'm-5x9.0', '9.0', '', '0', '3'])
    t.strictSame(blsEntries(files, { named: [named] }), [late, early, rescue], named)
  t.strictSame(blsEntries(bootFiles()), [])
  t.strictSame(blsEntries(files, { folders: ['/efi/loader/entries'] }), [])
})

t.test('an entry that tells no kernel comes after those that do', async (t) => {
  const line = 'options root=a ro\n'
  for (const names of [
    ['a', 'm-5.9.0'],
    ['m-5.9.0', 'z'],
  ]) {
    const texts = names.map((name) => [
      `${folder}/${name}.conf`,
      name.startsWith('m-') ? text('5.9.0') : line,
    ])
    const releases = blsEntries(bootFiles(Object.fromEntries(texts))).map(({ release }) => release)
    t.strictSame(releases, ['5.9.0', undefined], names.join(' '))
  }
})

t.test('the first name that means an entry counts', async (t) => {
  t.strictSame(blsEntries(files, { named: ['none', 'm-5.9*', 'm-5.14*'] }), [early, late, rescue])
  t.strictSame(blsEntries(files, { named: ['', '1', 'm-5.14*'] }), [early, late, rescue])
  t.strictSame(blsEntries(files, { named: ['7', 'none'] }), [late, early, rescue])
})

t.test('a name takes no time that grows with its stars, however long it is', async (t) => {
  const long = bootFiles({ [`${folder}/${'a'.repeat(200)}.conf`]: text('6.1') })
  t.equal(blsEntries(long, { named: [`${'*a'.repeat(20)}*b`] }).length, 1)
  t.strictSame(blsEntries(files, { named: ['\u00e1'.repeat(2 ** 17)] }), [late, early, rescue])
  t.strictSame(blsEntries(files, { named: ['m-?.9.0'] }), [early, late, rescue])
})

t.test('an entry without tries left comes last', async (t) => {
  const paths = (...names: readonly string[]) => names.map((name) => `${folder}/${name}.conf`)
  const counted = bootFiles({
    [`${folder}/m-6.3+0-3.conf`]: text('6.3'),
    [`${folder}/m-6.4+0.conf`]: text('6.4'),
    [`${folder}/m-6.2+10-1.conf`]: text('6.2'),
    [`${folder}/m-6.1+3.conf`]: text('6.1'),
    [`${folder}/m-6.0.conf`]: text('6.0'),
    [`${folder}/m-rescue.conf`]: text('9'),
  })
  const order = (named: readonly string[] = []) =>
    blsEntries(counted, { named }).map(({ path }) => path)
  const [worst, bad] = ['m-6.4+0', 'm-6.3+0-3']
  const all = ['m-6.2+10-1', 'm-6.1+3', 'm-6.0', 'm-rescue', worst, bad] as const
  t.strictSame(order(), paths(...all))
  t.equal(order(['m-6.3'])[0], paths(bad)[0], 'named it is booted all the same')
  t.equal(order(['m-6.*.conf'])[0], paths('m-6.2+10-1')[0])
})

t.test('variables of GRUB are put in, and several lines are one', async (t) => {
  const [entry] = blsEntries(
    bootFiles({
      [`${folder}/a.conf`]:
        'linux /vmlinuz-6.1.0\noptions $kernelopts  $tuned_params\noptions $' + '{more} x\n',
    }),
    { environment: 'kernelopts=root=b quiet\nmore=y\n' },
  )
  t.strictSame(entry, {
    path: `${folder}/a.conf`,
    title: 'a',
    release: '6.1.0',
    line: 'root=b quiet y x',
  })
})

t.test('a count of tries is no part of the name', async (t) => {
  const tried = bootFiles({ '/efi/loader/entries/m-6.1+2-1.conf': 'options a\n' })
  t.strictSame(blsEntries(tried), [
    { path: '/efi/loader/entries/m-6.1+2-1.conf', title: 'm-6.1', line: 'a' },
  ])
})

t.test('values and their order', async (t) => {
  t.equal(blsValue('a b\n title  x y \ntitle\tz  \n', 'title'), 'z')
  t.equal(blsValue('titles x\n', 'title'), undefined)
  t.strictSame(entryFolders, [
    '/boot/loader/entries',
    '/efi/loader/entries',
    '/boot/efi/loader/entries',
  ])
})
