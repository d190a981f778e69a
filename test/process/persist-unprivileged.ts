import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import t from 'tap'
import { fstabLine, fstabPath } from '../../src/model/mounts/persist/fstab.ts'
import { huge, scratch } from '../helpers/persist.ts'
import { node, temporary } from '../helpers/run.ts'

t.test('a dry run asks for no privilege, a real one does before it begins', async (t) => {
  const root = temporary(t)
  scratch(root, { [fstabPath]: `${fstabLine(huge, false)}\n` })
  const program = join(root, 'persist.mjs')
  buildSync({
    entryPoints: [join(import.meta.dirname, '../helpers/persist-program.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'silent',
  })
  chmodSync(root, 0o755)
  chmodSync(join(root, 'etc'), 0o555)
  t.teardown(() => chmodSync(join(root, 'etc'), 0o755))
  // From nothing: tap would put its own loader into the environment.
  const fromNothing = ['-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', node, program]
  const uid = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const check = (...words: readonly string[]) =>
    spawnSync('/usr/bin/env', [...fromNothing, 'check', root, ...words], {
      encoding: 'utf8',
      cwd: '/',
      ...uid,
    })
  t.hasStrict(check('/mnt/other', '--dry-run'), { status: 0, stderr: '' })
  const real = check('/mnt/other')
  t.match(real, { status: 1, stderr: /\/etc\/fstab: permission denied/ })
  t.match(real.stderr, /code: 'E_PERMISSION'/)
})
