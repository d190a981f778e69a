import t from 'tap'
import type { BootRecord } from '../../../../src/model/boot/loaders/boot-record.ts'
import { debianGrub } from '../../../../src/model/boot/loaders/debian-grub.ts'
import { findForeign, refuseForeign } from '../../../../src/model/boot/loaders/others-words.ts'
import { raspberryPi } from '../../../../src/model/boot/loaders/raspberry-pi.ts'
import { sdbootutil } from '../../../../src/model/boot/loaders/sdbootutil.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'

const menu = (words: string) => `menuentry 'A' {\n linux /v a ${words}\n}\n`
const files = (settings: string, booted: string) =>
  bootFiles({
    '/etc/default/grub': `GRUB_CMDLINE_LINUX="${settings}"\n`,
    '/boot/grub/grub.cfg': menu(booted),
  })
const record: BootRecord = {
  loader: 'debian-grub',
  state: 'installed',
  sequences: ['hugepages=3'],
  replaced: ['hugepages=9'],
}

t.test('words of others in settings and in what will be booted', async (t) => {
  const loader = debianGrub
  t.strictSame(findForeign({ loader, files: files('x', '') }), [])
  t.strictSame(findForeign({ loader, files: files('hugepages=1', 'hugepages=2') }), [
    { path: '/etc/default/grub', words: 'hugepages=1' },
    { path: '/boot/grub/grub.cfg', words: 'hugepages=2' },
  ])
  t.strictSame(findForeign({ loader, files: files('', 'hugepages=1 hugepages=3'), record }), [
    { path: '/boot/grub/grub.cfg', words: 'hugepages=1' },
  ])
  t.strictSame(
    findForeign({ loader, files: files('hugepages=9', 'hugepages=9 hugepages=3'), record }),
    [],
    'its own, and what it has taken over',
  )
})

t.test('the same words in several entries are named once', async (t) => {
  const texts = {
    '/boot/grub/grub.cfg': menu('hugepages=1') + menu('hugepages=1') + menu('hugepages=2'),
  }
  t.strictSame(findForeign({ loader: debianGrub, files: bootFiles(texts) }), [
    { path: '/boot/grub/grub.cfg', words: 'hugepages=1' },
    { path: '/boot/grub/grub.cfg', words: 'hugepages=2' },
  ])
})

t.test('words in a line of others that is edited', async (t) => {
  const line = { '/boot/cmdline.txt': 'a hugepages=1', '/boot/config.txt': '' }
  t.strictSame(findForeign({ loader: raspberryPi, files: bootFiles(line) }), [
    { path: '/boot/cmdline.txt', words: 'hugepages=1' },
  ])
})

t.test('they are refused, unless they can be taken over and shall be', async (t) => {
  const foreign = [{ path: '/a', words: 'hugepages=1' }]
  const refusal = (loader: typeof debianGrub, replace: boolean, found = foreign) => {
    try {
      refuseForeign({ loader, files: bootFiles() }, found, replace)
      return undefined
    } catch (error) {
      const { code, reason, message, hint } = error as Record<string, unknown>
      return { code, reason, message, hint }
    }
  }
  const refused = (hint: string) => ({
    code: 'E_REFUSED',
    reason: 'not-ours',
    message: '/a has words that hugepool did not install: hugepages=1',
    hint,
  })
  t.strictSame(
    refusal(debianGrub, false),
    refused('--replace takes them over, and --remove gives them back'),
  )
  t.equal(refusal(debianGrub, true), undefined)
  t.equal(refusal(debianGrub, false, []), undefined)
  t.strictSame(
    refusal(sdbootutil, true),
    refused(
      'remove them there: sdbootutil joins all its files, and none can take words out of another',
    ),
  )
  t.strictSame(
    refusal(sdbootutil, false),
    refused('remove them there, or see what they come to: hugepool boot'),
  )
})
