import t from 'tap'
import { cmdlineFile } from '../../../../src/model/boot/loaders/kernel-cmdline.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

t.test('what the line begins with where there is no file', async (t) => {
  const running = { '/proc/cmdline': 'BOOT_IMAGE=/v initrd=\\i root=a  initrdx=1 my_initrd=2 ro\n' }
  t.equal(cmdlineFile(bootFiles(running)).start, 'root=a initrdx=1 my_initrd=2 ro\n')
  const vendor = { ...running, '/usr/lib/kernel/cmdline': 'root=b\n' }
  t.equal(cmdlineFile(bootFiles(vendor)).start, 'root=b\n')
  t.equal(cmdlineFile(bootFiles()).start, '\n')
})

t.test('the words are put on the line of others', async (t) => {
  const { path, isOwn, staysForCommands, write } = cmdlineFile(bootFiles())
  t.strictSame([path, isOwn, staysForCommands], ['/etc/kernel/cmdline', false, true])
  t.equal(
    write('a hugepages=1 b\n', { wanted: 'hugepages=2', takesOver: true }),
    'a b hugepages=2\n',
  )
})
