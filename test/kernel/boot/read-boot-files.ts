import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readBootFiles } from '../../../src/kernel/boot/read-boot-files.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

t.test('texts, marks, programs, images and what the kernel is', async (t) => {
  const root = temporary(t)
  scratch(root, {
    '/etc/default/grub': 'a\xe4\n',
    '/etc/default/grub.d/a.cfg': 'b\n',
    '/etc/default/grub.d/sub/c.cfg': 'c\n',
    '/usr/sbin/update-grub': '',
    '/sbin/grubby': '',
    '/opt/bin/zipl': '',
    '/boot/vmlinuz-6.1.0': '',
    '/boot/vmlinuz': '',
    '/boot/config-6.1.0': '',
    '/usr/lib/modules/6.1.0/vmlinuz': '',
    '/usr/lib/modules/6.2.0/vmlinuz': '',
    '/usr/lib/modules/6.3.0/modules.dep': '',
    '/proc/sys/kernel/osrelease': '6.1.0\n',
    '/proc/sys/kernel/arch': 's390x\n',
    '/.dockerenv': '',
  })
  mkdirSync(join(root, 'sys/firmware/efi'), { recursive: true })
  const files = await readBootFiles(directoryTree(root))
  t.strictSame(
    [...files.texts],
    [
      ['/etc/default/grub', 'a\xe4\n'],
      ['/etc/default/grub.d/a.cfg', octets('b\n')],
    ],
  )
  t.strictSame([...files.marks].sort(), ['/.dockerenv', '/etc/default/grub', '/sys/firmware/efi'])
  t.strictSame([...files.programs].sort(), ['grubby', 'update-grub'])
  t.strictSame(
    [...files.images],
    [
      ['6.1.0', '/boot/vmlinuz-6.1.0'],
      ['6.2.0', '/usr/lib/modules/6.2.0/vmlinuz'],
    ],
  )
  t.strictSame([files.release, files.architecture], ['6.1.0', 's390x'])
  t.strictSame([...files.answers], [])
})

t.test('programs are asked where they mean something', async (t) => {
  const root = temporary(t)
  const asked: string[] = []
  const run = async (words: readonly string[]) => {
    asked.push(words.join(' '))
    return { status: words[0] === 'bootc' ? 1 : 0, stdout: 'a b\n', stderr: '' }
  }
  const tree = directoryTree(root)
  scratch(root, { '/usr/bin/rpm-ostree': '', '/usr/bin/bootc': '' })
  await readBootFiles(tree, run)
  t.strictSame(asked, [], 'not on a system without deployments')
  scratch(root, { '/run/ostree-booted': '' })
  const { answers } = await readBootFiles(tree, run)
  t.strictSame(asked, ['bootc loader-entries set-options-for-source --help', 'rpm-ostree kargs'])
  t.strictSame([...answers], [['rpm-ostree kargs', 'a b\n']], 'one that fails has no answer')
  t.equal((await readBootFiles(tree)).answers.size, 0)
})

t.test('what may not be looked at is not there', async (t) => {
  const root = temporary(t)
  scratch(root, { '/boot/loader/entries/a.conf': 'x', '/etc/zipl.conf': '' })
  chmodSync(join(root, 'boot'), 0)
  t.teardown(() => chmodSync(join(root, 'boot'), 0o755))
  const { texts, marks } = await readBootFiles(directoryTree(root))
  t.equal(texts.has('/boot/loader/entries/a.conf'), process.getuid?.() === 0)
  t.ok(marks.has('/etc/zipl.conf'))
})

t.test('nothing at all', async (t) => {
  const files = await readBootFiles(directoryTree(temporary(t)))
  t.strictSame(
    [files.texts.size, files.marks.size, files.images.size, files.release, files.architecture],
    [0, 0, 0, '', ''],
  )
})
