import t from 'tap'
import { raspberryPi } from '../../../../src/model/boot/loaders/raspberry-pi.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const at = (folder: string) => ({ [`${folder}/cmdline.txt`]: 'a', [`${folder}/config.txt`]: '' })

t.test('it is there where the firmware reads the line', async (t) => {
  const isHere = (texts: Readonly<Record<string, string>>) => raspberryPi.isHere(bootFiles(texts))
  t.equal(isHere(at('/boot/firmware')), true)
  t.equal(isHere(at('/boot')), true)
  t.equal(isHere({ '/boot/cmdline.txt': 'a' }), false)
  t.equal(isHere({ '/boot/config.txt': '' }), false)
  t.equal(isHere({ ...at('/boot'), '/etc/default/raspi-firmware': '' }), false)
})

t.test('one line, with a copy of what it was', async (t) => {
  const file = raspberryPi.file?.(bootFiles({ ...at('/boot'), ...at('/boot/firmware') }))
  t.equal(file?.path, '/boot/firmware/cmdline.txt')
  t.equal(file?.backup, '/boot/firmware/cmdline.txt.hugepool-backup')
  t.equal(file?.isOwn, false)
  const change = { wanted: 'hugepages=2', takesOver: false }
  t.equal(file?.write('a b', change), 'a b hugepages=2')
  t.equal(file?.write('a hugepages=1 b\nc\n', change), 'a b hugepages=2\nc\n')
  t.strictSame(raspberryPi.commands(bootFiles(), change), [])
})

t.test('what will be booted', async (t) => {
  t.strictSame(
    raspberryPi.entries(bootFiles({ ...at('/boot'), '/boot/cmdline.txt': 'a b\nc\n' })),
    [{ path: '/boot/cmdline.txt', title: 'every kernel', line: 'a b' }],
  )
  t.strictSame(raspberryPi.entries(bootFiles()), [])
})
