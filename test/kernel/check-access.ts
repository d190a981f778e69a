import { chmodSync, constants, writeFileSync } from 'node:fs'
import t from 'tap'
import { checkAccess } from '../../src/kernel/check-access.ts'

const path = `${t.testdir()}/file`
writeFileSync(path, '')
const { R_OK, W_OK } = constants

/** Root passes over modes, and what else has CAP_DAC_OVERRIDE does as well. */
const isRoot = process.getuid?.() === 0

t.test('what the mode gives is given', async (t) => {
  t.doesNotThrow(() => checkAccess(path, R_OK | W_OK))
})

t.test('what the mode refuses is refused to all but root', async (t) => {
  chmodSync(path, 0o400)
  t.doesNotThrow(() => checkAccess(path, R_OK))
  if (isRoot) t.doesNotThrow(() => checkAccess(path, W_OK))
  else t.throws(() => checkAccess(path, W_OK), { code: 'EACCES', syscall: 'access', path })
})

t.test('what is missing is said', async (t) => {
  t.throws(() => checkAccess(`${path}-none`, R_OK), { code: 'ENOENT', path: `${path}-none` })
})

t.test('what nobody may is refused to root as well', async (t) => {
  t.throws(() => checkAccess(path, constants.X_OK), { code: 'EACCES' })
})
