import {
  chownSync,
  closeSync,
  fchmodSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { checkFileStep } from '../../src/kernel/etc/etc-files.ts'
import { checkOwner, giveLike, mayGiveTo } from '../../src/kernel/file-owner.ts'
import { directoryTree } from '../../src/kernel/tree.ts'
import type { FileStep } from '../../src/model/etc/file-step.ts'
import { asOctets } from '../../src/model/etc/octets.ts'
import { scratch } from '../helpers/persist.ts'
import { temporary } from '../helpers/run.ts'

const asRoot = process.getuid?.() === 0 ? false : 'needs root to give a file away'

/** What /proc/PID/status has of user 7 with group 8 and two more. */
const statusOf = (capabilities: string) =>
  asOctets(`Uid:\t7\t7\t7\t7\nGid:\t8\t8\t8\t8\nGroups:\t9 10 \nCapEff:\t${capabilities}\n`)
const none = statusOf('0000000000000000')

const fileOf = (t: Test, uid: number, gid: number): string => {
  const file = join(temporary(t), 'file')
  writeFileSync(file, 'old')
  chownSync(file, uid, gid)
  return file
}

t.test('to whom a file may be given', async (t) => {
  for (const [uid, gid, may] of [
    [7, 8, true],
    [7, 9, true],
    [7, 10, true],
    [7, 1, false],
    [8, 8, false],
    [0, 0, false],
  ] as const)
    t.equal(mayGiveTo(none, { uid, gid }), may, `${uid}:${gid}`)
  t.ok(mayGiveTo(statusOf('0000000000000001'), { uid: 0, gid: 0 }), 'CAP_CHOWN')
  t.notOk(mayGiveTo(statusOf('fffffffffffffffe'), { uid: 0, gid: 0 }), 'all but that')
  t.ok(mayGiveTo(asOctets(''), { uid: 0, gid: 0 }), 'fchown(2) is left to tell')
})

t.test('a file of somebody else is not replaced without the right to give it', async (t) => {
  const { uid, gid } = process.getuid?.() === 0 ? { uid: 12, gid: 34 } : statSync(temporary(t))
  const file = fileOf(t, uid, gid)
  t.throws(() => checkOwner(file, '/etc/file', undefined, () => none), {
    code: 'E_PERMISSION',
    reason: 'not-root',
    message: `/etc/file: belongs to user ${uid} and group ${gid}, to whom only root (CAP_CHOWN) may give a file`,
    hint: 'run it as root',
  })
  t.doesNotThrow(() => checkOwner(`${file}-none`, '/etc/none', undefined, () => none))
  t.throws(() => checkOwner(`${file}-none`, '/etc/none', { uid: 0, gid: 0 }, () => none), {
    code: 'E_PERMISSION',
    message:
      '/etc/none: is to belong to user 0 and group 0, to whom only root (CAP_CHOWN) may give a file',
  })
  t.doesNotThrow(() => checkOwner(file, '/etc/file'), 'this process may')
})

t.test('the owner and every bit of the mode', { skip: asRoot }, async (t) => {
  for (const mode of [0o600, 0o4711, 0o2755]) {
    const file = fileOf(t, 0, 0)
    const descriptor = openSync(file, 'r+')
    fchmodSync(descriptor, mode)
    giveLike(descriptor, { uid: 12, gid: 34 }, mode)
    closeSync(descriptor)
    t.hasStrict(statSync(file), { uid: 12, gid: 34, mode: 0o100000 | mode })
  }
})

/** Runs while this process is another user, who may pass over modes and nothing else. */
const asOther = (act: () => void): void => {
  const [user, group, groups] = [process.geteuid?.(), process.getegid?.(), process.getgroups?.()]
  process.setgroups?.([])
  process.setegid?.(65534)
  process.seteuid?.(65534)
  try {
    act()
  } finally {
    process.seteuid?.(user ?? 0)
    process.setegid?.(group ?? 0)
    process.setgroups?.(groups ?? [])
  }
}

t.test('a step is refused before it begins, and not in a dry run', { skip: asRoot }, async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a' })
  chownSync(root, 65534, 65534)
  chownSync(join(root, 'etc'), 65534, 65534)
  const tree = directoryTree(root)
  const made: FileStep = { do: 'replace', path: '/etc/b', after: 'b', shell: [] }
  const step: FileStep = { ...made, path: '/etc/a', before: 'a' }
  const message = /^\/etc\/a: belongs to user 0 and group 0, to whom only root/
  asOther(() => {
    t.throws(() => checkFileStep(tree, step, false), { code: 'E_PERMISSION', message })
    t.doesNotThrow(() => checkFileStep(tree, step, true))
    t.doesNotThrow(() => checkFileStep(tree, made, false))
  })
  t.strictSame(readdirSync(join(root, 'etc')), ['a'])
})
