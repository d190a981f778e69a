import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Native } from '../../../src/kernel/native/native.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { mountDirectory } from '../../../src/operations/mounts/mount-directory.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { stage } from '../../helpers/mount-stage.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { treeCopy } from '../../helpers/run.ts'

const target = '/mnt/huge'
const before = '/dev/vda1 / ext4 defaults 0 1\n'
const foreign = `none ${target} tmpfs defaults 0 0\n`

/** A machine that mounts what it is told to, and does something else at that moment. */
const machine = (t: Test, meanwhile = () => {}, umount = () => {}) => {
  const root = treeCopy(t, 'two-nodes')
  mkdirSync(join(root, target), { recursive: true })
  scratch(root, { '/etc/fstab': before })
  const { calls, native } = stage(t)
  const show = (options: string) =>
    appendFileSync(
      join(root, 'proc/self/mountinfo'),
      `99 28 0:70 / ${target} rw,nosuid,nodev - hugetlbfs none rw,${options}\n`,
    )
  const whole: Native = {
    ...native,
    moveMount: (...words) => {
      native.moveMount(...words)
      show('pagesize=2M')
      meanwhile()
    },
    mount: (...words) => {
      native.mount(...words)
      meanwhile()
    },
    umount: (path, flags) => {
      calls.push(`umount ${path} ${flags}`)
      umount()
    },
  }
  const notes: string[] = []
  const ports = {
    ...portsOn(root),
    tree: directoryTree(root),
    native: () => whole,
    note: (text: string) => notes.push(text),
    reason: (text: string) => notes.push(text),
  }
  const put = (flagWords = '', remount = false) =>
    mountDirectory(
      ports,
      { target, pageSize: 'default', flagWords },
      { mkdir: false, over: false, dryRun: false, remount, persist: 'fstab' },
    )
  const fstab = () => readFileSync(join(root, 'etc/fstab'), 'utf8')
  const spoil = () => appendFileSync(join(root, 'etc/fstab'), foreign)
  return { root, calls, notes, show, put, fstab, spoil }
}

t.test('mounted and kept, and then nothing more to do', async (t) => {
  const { put, fstab } = machine(t)
  t.hasStrict(await put(), { outcome: 'done', persisted: { outcome: 'done', path: '/etc/fstab' } })
  t.ok(fstab().startsWith(before))
  t.match(fstab(), /^none \/mnt\/huge hugetlbfs nosuid,nodev,.*,comment=hugepool 0 0$/m)
  t.hasStrict(await put(), { outcome: 'unchanged', persisted: { outcome: 'unchanged' } })
})

t.test('a mount that is there already can be kept', async (t) => {
  const { put, show, calls } = machine(t)
  show('pagesize=2M')
  t.hasStrict(await put(), { outcome: 'done', persisted: { outcome: 'done' } })
  t.strictSame(calls, [], 'nothing is mounted')
})

t.test('where others see to the directory nothing is mounted', async (t) => {
  const { put, spoil, calls, fstab } = machine(t)
  spoil()
  await t.rejects(put(), { code: 'E_REFUSED', message: /line 2 mounts \/mnt\/huge and was not/ })
  t.strictSame(calls, [])
  t.equal(fstab(), before + foreign)
})

t.test('what fails after the mount takes it back', async (t) => {
  const one = machine(t, () => one.spoil())
  await t.rejects(one.put(), { code: 'E_REFUSED' })
  t.strictSame(one.calls.slice(-2), [`move_mount ${target}`, `umount ${target} 8`])
  t.strictSame(one.notes, [])
  t.equal(one.fstab(), before + foreign)
  t.notOk(existsSync(join(one.root, 'etc/fstab.hugepool-backup')))
})

t.test('a remount is taken back too', async (t) => {
  const one = machine(t, () => one.spoil())
  one.show('pagesize=2M')
  await t.rejects(one.put('noexec', true), { code: 'E_REFUSED' })
  const call = (bits: number) => `mount none ${target} hugetlbfs ${bits} `
  t.strictSame(one.calls, [call(32 | 2 | 4 | 8), call(32 | 2 | 4)])
})

t.test('a mount that somebody uses already stays, and that is said', async (t) => {
  for (const errno of ['EBUSY', 'EPERM'] as const) {
    const busy = () => {
      throw systemError(errno, 'umount')
    }
    const one = machine(t, () => one.spoil(), busy)
    await t.rejects(one.put(), { code: 'E_REFUSED' })
    t.strictSame(one.notes, [`${target} stays mounted: somebody uses it already`], errno)
  }
})
