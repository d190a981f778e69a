import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readSysctlFiles } from '../../../src/kernel/etc/sysctl-files.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { answering } from '../../helpers/failing-files.ts'
import { scratch } from '../../helpers/persist.ts'

t.test('files of one name hide each other, and are read by name', async (t) => {
  const root = t.testdir()
  scratch(root, {
    '/usr/lib/sysctl.d/50-a.conf': 'packaged',
    '/usr/lib/sysctl.d/40-b.conf': 'first',
    '/usr/lib/sysctl.d/60-masked.conf': 'masked',
    '/etc/sysctl.d/50-a.conf': 'own',
    '/etc/sysctl.d/README': 'no settings',
    '/etc/sysctl.conf': 'main',
  })
  symlinkSync('/dev/null', join(root, 'etc/sysctl.d/60-masked.conf'))
  const tree = directoryTree(root)
  t.strictSame(readSysctlFiles(tree), ['first', 'own', 'main'])
  mkdirSync(join(root, 'etc/systemd/system'), { recursive: true })
  t.strictSame(readSysctlFiles(tree), ['first', 'own'], 'systemd does not read it')
  symlinkSync('../sysctl.conf', join(root, 'etc/sysctl.d/99-sysctl.conf'))
  mkdirSync(join(root, 'etc/sysctl.d/70-directory.conf'))
  t.strictSame(readSysctlFiles(tree), ['first', 'own', 'main'], 'but by a link')
  t.strictSame(readSysctlFiles(directoryTree(join(root, 'etc/systemd'))), [])
})

t.test('every directory of sysctl.d(5), the first of which hides the others', async (t) => {
  const root = t.testdir()
  const directories = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib'].map(
    (top) => `${top}/sysctl.d`,
  )
  const files = directories.flatMap((directory, index) => [
    [`/${directory}/${index}.conf`, directory],
    [`/${directory}/9.conf`, `last of ${directory}`],
  ])
  scratch(root, Object.fromEntries(files))
  t.strictSame(readSysctlFiles(directoryTree(root)), [...directories, 'last of etc/sysctl.d'])
})

t.test('a file that cannot be read is left out, but for a lack of descriptors', async (t) => {
  const root = t.testdir()
  scratch(root, { '/etc/sysctl.d/1.conf': 'one', '/etc/sysctl.d/2.conf': 'two' })
  const path = '/etc/sysctl.d/1.conf'
  await t.test('EACCES', async (t) => {
    answering(t, root + path, 'EACCES', ['openSync'])
    t.strictSame(readSysctlFiles(directoryTree(root)), ['two'])
  })
  answering(t, root + path, 'EMFILE', ['openSync'])
  t.throws(() => readSysctlFiles(directoryTree(root)), {
    code: 'E_KERNEL',
    message: `${path}: too many files are open (EMFILE)`,
  })
})
