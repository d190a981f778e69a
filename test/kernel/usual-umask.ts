import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ensureDirectory, makeSearchable } from '../../src/kernel/ensure-directory.ts'
import { withUsualUmask } from '../../src/kernel/usual-umask.ts'
import { temporary } from '../helpers/run.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o7777

/** Puts an umask in force until the test ends. */
const under = (t: Test, mask: number): void => {
  const before = process.umask(mask)
  t.teardown(() => process.umask(before))
}

for (const mask of [0, 0o077, 0o777])
  t.test(`under the umask ${mask.toString(8)}`, async (t) => {
    const directory = temporary(t)
    under(t, mask)
    const [made, ensured, file] = [1, 2, 3].map((at) => join(directory, `${at}`)) as [
      string,
      string,
      string,
    ]
    makeSearchable(made)
    t.equal(ensureDirectory(ensured), true)
    t.equal(ensureDirectory(ensured), false)
    withUsualUmask(() => writeFileSync(file, '', { mode: 0o666 }))
    t.strictSame([made, ensured, file].map(modeOf), [0o755, 0o755, 0o644])
    t.equal(process.umask(mask), mask, 'it is as it was')
  })

t.test('the umask is put back after an error, which is passed on', async (t) => {
  under(t, 0o070)
  t.throws(() => withUsualUmask(() => mkdirSync('/nowhere/below')), { code: 'ENOENT' })
  t.throws(() => ensureDirectory('/nowhere/below'), { code: 'ENOENT' })
  t.equal(process.umask(0o070), 0o070)
})
