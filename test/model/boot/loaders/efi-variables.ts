import t from 'tap'
import {
  isSystemdBoot,
  loaderInfo,
  stubInfo,
} from '../../../../src/model/boot/loaders/efi-variables.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'
import { loaderInfoPath, systemdBootInfo } from '../../../helpers/loader-stage.ts'

t.test('what started the machine, or what is installed where nothing tells', async (t) => {
  t.equal(loaderInfo, loaderInfoPath)
  t.equal(stubInfo, '/sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f')
  t.equal(isSystemdBoot(bootFiles(systemdBootInfo)), true)
  t.equal(isSystemdBoot(bootFiles({ '/boot/efi/EFI/systemd': '' })), true)
  t.equal(isSystemdBoot(bootFiles()), false)
  const grub = { [loaderInfo]: 'G\0R\0U\0B\0', '/boot/efi/EFI/systemd': '' }
  t.equal(isSystemdBoot(bootFiles(grub)), false, 'it is installed, and another one starts')
})
