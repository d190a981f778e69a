import t from 'tap'
import {
  entryVariables,
  loaderInfo,
  stubInfo,
} from '../../../../src/model/boot/loaders/efi-variables.ts'
import {
  choicePaths,
  chosenEntries,
  installedReleases,
  systemdBoot,
  systemdBootTraces,
} from '../../../../src/model/boot/loaders/systemd-boot.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'
import { efiText, systemdBootInfo } from '../../../helpers/loader-stage.ts'

const entry = (name: string, text: string) => ({ [`/efi/loader/entries/${name}.conf`]: text })
const made = {
  ...entry('m-6.10', 'version 6.10\nmachine-id m\noptions a\n'),
  ...entry('m-6.9', 'version 6.9\nmachine-id m\noptions b\n'),
}
const images = { '6.10': '/boot/vmlinuz-6.10', '6.9': '/usr/lib/modules/6.9/vmlinuz' }
const programs = ['kernel-install']

t.test('it is there where kernel-install makes its entries', async (t) => {
  const usual = { ...systemdBootInfo, ...made }
  const isHere = (texts: Readonly<Record<string, string>>, more = { programs, images }) =>
    systemdBoot.isHere(bootFiles(texts, more))
  t.equal(isHere(usual), true)
  t.equal(isHere(made), false)
  t.equal(isHere({ ...usual, [stubInfo]: '' }), false)
  t.equal(isHere(usual, { programs: [], images }), false)
  t.equal(systemdBoot.isHere(bootFiles(usual, { programs })), false, 'no kernel to install again')
  t.equal(isHere({ ...systemdBootInfo, ...entry('arch', 'version 6.10\noptions a\n') }), false)
})

t.test('the files that it reads are those that are looked for', async (t) => {
  t.strictSame(systemdBootTraces.texts, [
    '/etc/kernel/cmdline',
    '/usr/lib/kernel/cmdline',
    '/proc/cmdline',
    '/etc/machine-id',
    '/etc/kernel/entry-token',
    loaderInfo,
    ...choicePaths,
  ])
})

t.test('which entries are made by it', async (t) => {
  t.strictSame(installedReleases(bootFiles(made)), ['6.9', '6.10'])
  const named = entry('deb-6.1', 'version 6.1\n')
  t.strictSame(installedReleases(bootFiles(named)), [])
  t.strictSame(installedReleases(bootFiles({ ...named, '/etc/machine-id': 'deb\n' })), ['6.1'])
  const token = { ...named, '/etc/machine-id': 'x\n', '/etc/kernel/entry-token': 'deb\n' }
  t.strictSame(installedReleases(bootFiles(token)), ['6.1'])
  t.strictSame(installedReleases(bootFiles({ ...named, '/etc/machine-id': '\n' })), [])
})

t.test('every kernel is installed again, and the one of loader.conf is booted', async (t) => {
  const files = bootFiles({ ...made, '/efi/loader/loader.conf': 'default m-6.9*\n' }, { images })
  t.strictSame(systemdBoot.commands(files, { wanted: 'x', takesOver: false }), [
    ['kernel-install', 'add', '6.9', '/usr/lib/modules/6.9/vmlinuz'],
    ['kernel-install', 'add', '6.10', '/boot/vmlinuz-6.10'],
  ])
  t.strictSame(
    systemdBoot.entries(files).map(({ line }) => line),
    ['b', 'a'],
  )
  t.strictSame(chosenEntries(files), ['m-6.9*'])
  t.strictSame(chosenEntries(bootFiles()), [])
  t.equal(systemdBoot.file?.(files).path, '/etc/kernel/cmdline')
})

t.test('an entry for one start, then the default that was set, then loader.conf', async (t) => {
  const conf = { '/efi/loader/loader.conf': 'default m-6.10*\n' }
  const { once, usual, last } = entryVariables
  const first = (texts: Readonly<Record<string, string>>) =>
    systemdBoot.entries(bootFiles({ ...made, ...texts }))[0]?.line
  const [late, early] = [efiText('m-6.10.conf'), efiText('m-6.9.conf')]
  t.equal(first({ ...conf, [once]: early, [usual]: late }), 'b')
  t.equal(first({ ...conf, [usual]: early }), 'b')
  t.equal(first({ ...conf, [once]: efiText('gone.conf'), [usual]: early }), 'b')
  t.equal(first({ ...conf, [last]: early }), 'a', 'only where it is asked for')
  t.equal(first({ '/efi/loader/loader.conf': 'default @saved\n', [last]: early }), 'b')
  t.equal(first({ [usual]: efiText('@saved'), [last]: early }), 'b')
  t.strictSame(chosenEntries(bootFiles({ ...conf, [once]: early, [usual]: late })), [
    'm-6.9.conf',
    'm-6.10.conf',
    'm-6.10*',
  ])
  t.strictSame(choicePaths, [
    ...['/boot', '/efi', '/boot/efi'].map((boot) => `${boot}/loader/loader.conf`),
    ...['OneShot', 'Default', 'LastBooted'].map(
      (name) => `/sys/firmware/efi/efivars/LoaderEntry${name}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f`,
    ),
  ])
})
