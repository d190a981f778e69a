import t from 'tap'
import {
  allTraces,
  findLoader,
  loaderNamed,
  loaderTable,
} from '../../../../src/model/boot/loaders/loader-table.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'
import { loaderMachines } from '../../../helpers/loader-stage.ts'

t.test('every loader, in the order in which they are looked for', async (t) => {
  t.strictSame(
    loaderTable.map(({ name, kind }) => `${name} ${kind}`),
    [
      ...['container print', 'nixos print', 'guix print', 'flatcar print', 'talos print'],
      ...['bottlerocket print', 'rhcos print', 'bootc install', 'rpm-ostree install'],
      ...['proxmox install', 'sdbootutil install', 'grubby install', 'debian-grub install'],
      ...['systemd-boot install', 'u-boot-menu install', 'raspberry-pi install', 'grub print'],
      ...['uki print', 'systemd-boot-entries print', 'raspi-firmware print', 'u-boot print'],
      ...['zipl print', 'update-extlinux print', 'unknown print'],
    ],
  )
})

t.test('every one that installs has a machine to be tried on', async (t) => {
  const names = loaderTable.filter(({ kind }) => kind === 'install').map(({ name }) => name)
  t.strictSame(Object.keys(loaderMachines).toSorted(), names.toSorted())
})

t.test('one is found, or named', async (t) => {
  t.equal(findLoader(bootFiles()).name, 'unknown')
  const pi = { '/boot/cmdline.txt': 'a', '/boot/config.txt': '' }
  t.equal(findLoader(bootFiles(pi)).name, 'raspberry-pi')
  t.equal(findLoader(bootFiles({ ...pi, '/.dockerenv': '' })).name, 'container')
  t.equal(loaderNamed('grubby')?.title, 'grubby (/boot/loader/entries)')
  t.equal(loaderNamed('lilo'), undefined)
})

t.test('places are named once', async (t) => {
  for (const traces of Object.values(allTraces)) t.equal(new Set(traces).size, traces.length)
  t.ok(allTraces.programs.includes('zipl') === false)
  t.ok(allTraces.texts.includes('/boot/grub/grub.cfg'))
  t.ok(allTraces.folders.includes('/etc/default/grub.d'))
  t.ok(allTraces.marks.includes('/run/ostree-booted'))
})
