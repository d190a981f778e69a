import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Native } from '../../../src/kernel/native/native.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { mountDirectory } from '../../../src/operations/mounts/mount-directory.ts'
import { mountSchema } from '../../../src/output/schemas/mounts-schema.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { parseExact } from '../../helpers/json.ts'
import { stage } from '../../helpers/mount-stage.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { run, treeCopy } from '../../helpers/run.ts'

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
  const typed = (...words: readonly string[]) =>
    run(['mount', target, '--persist', 'fstab', ...words], {
      tree: directoryTree(root),
      native: whole,
    })
  return { root, calls, notes, show, put, typed, fstab, spoil }
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

t.test('a mount that cannot be taken back is a result, with the error of the entry', async (t) => {
  const stays = {
    EBUSY: 'somebody uses it already',
    EPERM: `${target}: operation not permitted`,
  } as const
  for (const errno of ['EBUSY', 'EPERM'] as const) {
    const busy = () => {
      throw systemError(errno, 'umount')
    }
    const one = machine(t, () => one.spoil(), busy)
    const result = await one.put()
    t.hasStrict(result, {
      kind: 'mounted',
      outcome: 'partial',
      mount: { target },
      unpersisted: {
        failure: { code: 'E_REFUSED', reason: 'not-ours' },
        stays: `${target} stays mounted: ${stays[errno]}`,
      },
    })
    t.notOk('persisted' in result)
    t.strictSame(one.notes, [], errno)
    t.equal(one.fstab(), before + foreign)
  }
})

t.test('a remount that cannot be taken back is a result too', async (t) => {
  let calls = 0
  const one = machine(t, () => {
    calls += 1
    if (calls > 1) throw systemError('EBUSY', 'mount')
    one.spoil()
  })
  one.show('pagesize=2M')
  t.hasStrict(await one.put('noexec', true), {
    kind: 'mounted',
    outcome: 'partial',
    unpersisted: { failure: { code: 'E_REFUSED' } },
  })
  const result = await one.put('noexec', true).catch((error: unknown) => error)
  t.hasStrict(result, { code: 'E_REFUSED' }, 'the line is there now: nothing is done')
})

t.test('a command whose mount stays without its entry ends as partial', async (t) => {
  const busy = () => {
    throw systemError('EBUSY', 'umount')
  }
  const words = machine(t, () => words.spoil(), busy)
  t.strictSame(await words.typed(), {
    status: 64,
    stdout: `TARGET     PAGE-SIZE  SIZE  MIN-SIZE  USED  FREE
/mnt/huge         2M     -         -     -     -
`,
    stderr: `hugepool: /mnt/huge stays mounted: somebody uses it already
hugepool: /etc/fstab: line 2 mounts /mnt/huge and was not written by hugepool
hint: remove it by hand, or leave the mount to it
`,
  })
  const json = machine(t, () => json.spoil(), busy)
  const { status, stdout } = await json.typed('--json')
  t.equal(status, 64)
  const document = mountSchema.parse(parseExact(stdout))
  t.hasStrict(document, {
    outcome: 'partial',
    mounts: [{ target }],
    notes: [`${target} stays mounted: somebody uses it already`],
    error: { code: 'E_REFUSED', reason: 'not-ours' },
  })
  t.notOk('persisted' in document)
})
