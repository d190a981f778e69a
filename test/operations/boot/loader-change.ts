import t from 'tap'
import { debianGrub } from '../../../src/model/boot/loaders/debian-grub.ts'
import { readBack } from '../../../src/operations/boot/loader-change.ts'
import { loaderStage } from '../../helpers/loader-stage.ts'

t.test('what cannot be read back is taken as right, and said', async (t) => {
  const { ports } = loaderStage(t, { '/etc/default/grub': '', '/usr/sbin/update-grub': '' })
  t.strictSame(await readBack(ports, debianGrub, 'hugepages=3'), {
    isRight: true,
    notes: ['what will be booted cannot be read back here'],
  })
})
