import { chmodSync, constants, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { checkAccess } from '../../src/kernel/check-access.ts'
import { lines } from '../helpers/on-fake.ts'
import { standIn } from '../helpers/standing-in.ts'

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

const machineUsers = 'user:[4026531837]'
/** CAP_DAC_OVERRIDE is bit 1. */
const overriding = '0000000000000002'

/** What is said to a process with these ids, capabilities and namespace where access(2) says EACCES. */
const saidTo = (t: Test, user: number, capabilities: string, namespace: string | Error) => {
  const { readFileSync, readlinkSync } = standIn(t, {
    accessSync: () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
    },
    readFileSync: (...words: Parameters<typeof readFileSync>) =>
      words[0] === '/proc/self/status'
        ? lines(`Uid:\t${user}\t${user}\t${user}\t${user}`, `CapEff:\t${capabilities}`)
        : readFileSync(...words),
    readlinkSync: (...words: Parameters<typeof readlinkSync>) => {
      if (words[0] !== '/proc/self/ns/user') return readlinkSync(...words)
      if (namespace instanceof Error) throw namespace
      return namespace
    },
  })
  try {
    checkAccess(path, W_OK)
    return undefined
  } catch (error) {
    return (error as { readonly code: string }).code
  }
}

const told = (code: string) => Object.assign(new Error(code), { code })

t.test('who passes over modes without being root may all the same', async (t) => {
  t.equal(saidTo(t, 1000, overriding, machineUsers), undefined)
  t.equal(saidTo(t, 1000, overriding, told('ENOENT')), undefined, 'a kernel without namespaces')
})

t.test('but not without the capability, as root, or for files of another namespace', async (t) => {
  t.equal(saidTo(t, 1000, '0000000000000001', machineUsers), 'EACCES')
  t.equal(saidTo(t, 0, overriding, machineUsers), 'EACCES')
  t.equal(saidTo(t, 1000, overriding, 'user:[4026532176]'), 'EACCES')
  t.equal(saidTo(t, 1000, overriding, told('EMFILE')), 'EMFILE', 'no descriptor to look with')
})
