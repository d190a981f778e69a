import t from 'tap'
import type { BootRecord } from '../../../../src/model/boot/loaders/boot-record.ts'
import { debianGrub } from '../../../../src/model/boot/loaders/debian-grub.ts'
import { grubby } from '../../../../src/model/boot/loaders/grubby.ts'
import {
  configuredWords,
  differingEntries,
  pendingStages,
} from '../../../../src/model/boot/loaders/pending.ts'
import { raspberryPi } from '../../../../src/model/boot/loaders/raspberry-pi.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const record: BootRecord = {
  loader: 'debian-grub',
  state: 'installed',
  sequences: ['hugepages=1', 'hugepages=3'],
  replaced: [],
}
const own = '/etc/default/grub.d/99-hugepool.cfg'

t.test('what is configured: by hugepool, by others, by nobody', async (t) => {
  const loader = debianGrub
  const files = bootFiles({
    '/etc/default/grub': 'GRUB_CMDLINE_LINUX="hugepages=5"\n',
    '/etc/default/grub.d/a.cfg': 'GRUB_CMDLINE_LINUX="hugepages=6"\n',
  })
  const bare = bootFiles()
  t.strictSame(configuredWords({ loader, files: bare }), { path: own, words: '' })
  t.strictSame(configuredWords({ loader, files }), {
    path: '/etc/default/grub',
    words: 'hugepages=5 hugepages=6',
  })
  t.strictSame(configuredWords({ loader, files, record }), {
    path: '/var/lib/hugepool/boot.json',
    words: 'hugepages=3',
  })
  t.strictSame(
    configuredWords({ loader, files, record: { ...record, file: { path: own, written: [] } } }),
    { path: own, words: 'hugepages=3' },
  )
  t.strictSame(configuredWords({ loader, files: bare, record: { ...record, state: 'removing' } }), {
    path: own,
    words: '',
  })
})

t.test('what is configured in a line that is edited, or in entries alone', async (t) => {
  const line = bootFiles({ '/boot/cmdline.txt': 'a hugepages=4', '/boot/config.txt': '' })
  t.strictSame(configuredWords({ loader: raspberryPi, files: line }), {
    path: '/boot/cmdline.txt',
    words: 'hugepages=4',
  })
  const entry = { '/boot/loader/entries/a.conf': 'options a hugepages=2\n' }
  t.strictSame(configuredWords({ loader: grubby, files: bootFiles(entry) }), {
    path: '/boot/loader/entries/a.conf',
    words: 'hugepages=2',
  })
  t.strictSame(configuredWords({ loader: grubby, files: bootFiles() }), { path: '', words: '' })
})

t.test('which of the three differ', async (t) => {
  t.strictSame(pendingStages('a', 'a', 'a'), [])
  t.strictSame(pendingStages('a', 'b', 'b'), ['next-boot'])
  t.strictSame(pendingStages('a', 'a', 'b'), ['this-boot'])
  t.strictSame(pendingStages('a', 'b', 'a'), ['next-boot', 'this-boot'])
  t.strictSame(pendingStages('a', undefined, 'a'), [])
  t.strictSame(pendingStages('a', undefined, 'b'), ['this-boot'])
})

t.test('entries with other words than the first', async (t) => {
  const entry = (line: string) => ({ path: '/a', title: 'b', line })
  t.strictSame(differingEntries([entry('x hugepages=1'), entry('hugepages=1 y'), entry('z')]), [
    entry('z'),
  ])
  t.strictSame(differingEntries([]), [])
})

t.test('kexec is compared with the boot loader, or with what it is told', async (t) => {
  t.strictSame(pendingStages('a', 'a', 'a', 'a'), [])
  t.strictSame(pendingStages('a', 'b', 'a', 'a'), ['next-boot', 'kexec', 'this-boot'])
  t.strictSame(pendingStages('a', undefined, 'a', 'b'), ['kexec'])
  t.strictSame(pendingStages('a', undefined, 'a', ''), ['kexec'])
})
