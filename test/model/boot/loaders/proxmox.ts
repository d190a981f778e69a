import t from 'tap'
import { loaderInfo } from '../../../../src/model/boot/loaders/efi-variables.ts'
import { proxmox } from '../../../../src/model/boot/loaders/proxmox.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'
import { systemdBootInfo } from '../../../helpers/loader-stage.ts'

const programs = ['proxmox-boot-tool']
const marks = { '/etc/kernel/proxmox-boot-uuids': '', '/sys/firmware/efi': '' }
const shim = { '/usr/lib/shim/shimx64.efi.signed': '' }

t.test('systemd-boot of Proxmox, and not its GRUB', async (t) => {
  const isHere = (files: Readonly<Record<string, string>>, more = programs) =>
    proxmox.isHere(bootFiles(files, { programs: more }))
  t.equal(isHere(marks), true)
  t.equal(isHere({ ...marks, ...shim }), false)
  t.equal(isHere({ ...marks, ...shim, ...systemdBootInfo }), true)
  t.equal(isHere({ ...marks, [loaderInfo]: 'GRUB' }), false)
  t.equal(isHere(marks, []), false)
  for (const path of Object.keys(marks)) t.equal(isHere({ [path]: '' }), false)
})

t.test('its command, and the line that it copies', async (t) => {
  t.strictSame(proxmox.commands(bootFiles(), { wanted: 'x', takesOver: false }), [
    ['proxmox-boot-tool', 'refresh'],
  ])
  t.strictSame(proxmox.entries(bootFiles({ '/etc/kernel/cmdline': ' a b\nc\n' })), [
    { path: '/etc/kernel/cmdline', title: 'every kernel', line: 'a b' },
  ])
  t.strictSame(proxmox.entries(bootFiles()), [])
  const file = proxmox.file?.(bootFiles())
  t.equal(file?.path, '/etc/kernel/cmdline')
  t.equal(file?.write('a\nb\n', { wanted: 'hugepages=1', takesOver: false }), 'a hugepages=1\nb\n')
})

t.test('entries on a partition that is mounted are what will be booted', async (t) => {
  const text = (line: string) => `title Proxmox\nversion 6.8.4-2-pve\noptions   ${line}\n`
  const folder = '/boot/efi/loader/entries'
  const files = bootFiles({
    '/etc/kernel/cmdline': 'a hugepages=1\n',
    [`${folder}/proxmox-6.8.4-2-pve.conf`]: text('a hugepages=2'),
    [`${folder}/proxmox-6.5.0-1-pve.conf`]: text('b').replace('6.8.4-2', '6.5.0-1'),
    [`${folder}/other-7.conf`]: text('c').replace('6.8.4-2', '7.0.0'),
    '/boot/efi/loader/loader.conf': 'timeout 3\ndefault proxmox-*\n',
  })
  t.strictSame(proxmox.entries(files), [
    {
      path: `${folder}/proxmox-6.8.4-2-pve.conf`,
      title: 'Proxmox',
      release: '6.8.4-2-pve',
      line: 'a hugepages=2',
    },
    {
      path: `${folder}/proxmox-6.5.0-1-pve.conf`,
      title: 'Proxmox',
      release: '6.5.0-1-pve',
      line: 'b',
    },
  ])
  const other = bootFiles({
    '/etc/kernel/cmdline': 'a\n',
    [`${folder}/other-7.conf`]: text('c'),
  })
  t.strictSame(proxmox.entries(other)[0]?.line, 'a')
})
