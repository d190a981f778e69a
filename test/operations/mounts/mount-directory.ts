import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { mountinfoPath } from '../../../src/kernel/mounts/mountinfo.ts'
import type { Native } from '../../../src/kernel/native/native.ts'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import type { MountRequest } from '../../../src/model/mounts/mount-request.ts'
import {
  type MountOptions,
  mountDirectory,
} from '../../../src/operations/mounts/mount-directory.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { allClosed, stage } from '../../helpers/mount-stage.ts'
import { temporary, treeCopy } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const usual: MountOptions = { mkdir: false, remount: false, over: false, dryRun: false }

interface Scene {
  readonly directory: string
  /** Pools and mounts of a recorded machine, but the directories of this one. */
  readonly tree: Tree
  /** Has mountinfo show one mount more. */
  readonly show: (target: string, options: string, flags?: string) => void
}

const sceneOf = (t: Test): Scene => {
  const machine = treeCopy(t, 'two-nodes')
  // Below /dev the recorded machine has mounts of its own.
  const directory = temporary(t, '/tmp')
  mkdirSync(join(directory, 'empty'))
  let id = 100
  return {
    directory,
    tree: { ...directoryTree(machine), root: '' },
    show: (target, options, flags = 'rw,nosuid,nodev,relatime') => {
      const line = `${id} 28 0:70 / ${target} ${flags} - hugetlbfs none rw,${options}\n`
      appendFileSync(join(machine, 'proc/self/mountinfo'), line)
      id += 1
    },
  }
}

const mountIn = (
  { tree }: Scene,
  native: Native,
  target: string,
  given: Partial<MountRequest & MountOptions> = {},
) =>
  mountDirectory(
    {
      tree,
      native: () => native,
      clock: () => 0,
      now: () => 0,
      pause: async () => {},
      watchSignals: () => ({ pending: () => undefined }),
      note: () => {},
      reason: () => {},
      progress: () => {},
      mapper: () => Promise.reject(new Error('this test maps nothing')),
    },
    { target, pageSize: 'default', flagWords: '', ...given },
    { ...usual, ...given },
  )

t.test('done: the mount is read back as it was asked for', async (t) => {
  const scene = sceneOf(t)
  const one = stage(t)
  const target = `${scene.directory}/empty`
  const native = { ...one.native, moveMount: () => scene.show(target, 'pagesize=2M,size=4194304') }
  const size = { kind: 'memory', bytes: 4n * M } as const
  const result = await mountIn(scene, native, target, { size })
  t.strictSame('different' in result && result.different, [])
  t.hasStrict(result, {
    kind: 'mounted',
    outcome: 'done',
    mount: { target, pageSize: 2n * M, size: 4n * M, hidden: false },
  })
  allClosed(t, one)
  t.hasStrict(await mountIn(scene, stage(t, '').native, target, { size }), { outcome: 'unchanged' })
})

t.test('partial: what is not as it was asked for is told', async (t) => {
  const scene = sceneOf(t)
  const target = `${scene.directory}/empty`
  const native = {
    ...stage(t).native,
    moveMount: () => scene.show(target, 'mode=700,pagesize=2M,size=2097152', 'ro'),
  }
  const size = { kind: 'memory', bytes: 4n * M } as const
  t.hasStrict(await mountIn(scene, native, target, { size, inodes: 9n }), {
    outcome: 'partial',
    different: [
      { option: 'size', wanted: '4M', found: '2M' },
      { option: 'nr_inodes', wanted: '9', found: '-' },
      { option: 'mode', wanted: '0755', found: '0700' },
      { option: 'flags', wanted: 'nosuid,nodev', found: 'ro' },
    ],
  })
})

t.test('a mount that does not show, or only under another one', async (t) => {
  const scene = sceneOf(t)
  const target = `${scene.directory}/empty`
  const missing = { code: 'E_KERNEL', message: /was mounted, but \/proc\/self\/mountinfo/ }
  await t.rejects(mountIn(scene, { ...stage(t).native, moveMount: () => {} }, target), missing)
  const covered = () => {
    scene.show(target, 'pagesize=2M')
    scene.show(scene.directory, 'pagesize=2M')
  }
  await t.rejects(mountIn(scene, { ...stage(t).native, moveMount: covered }, target), missing)
})

t.test('a failed mount leaves no directory behind', async (t) => {
  for (const [failing, errno] of [
    ['fsopen', 'ENODEV'],
    ['fsconfig 1 pagesize', 'EINVAL'],
    ['fsconfig 6', 'ENOMEM'],
    ['fsmount', 'EPERM'],
    ['move_mount', 'EPERM'],
  ] as const) {
    const scene = sceneOf(t)
    const one = stage(t, failing, errno)
    const target = `${scene.directory}/new/here`
    await t.rejects(mountIn(scene, one.native, target, { mkdir: true }), { name: 'HugepoolError' })
    t.notOk(existsSync(`${scene.directory}/new`), failing)
    allClosed(t, one)
  }
})

t.test('the file system is there before the directory, and closed if that fails', async (t) => {
  const scene = sceneOf(t)
  const one = stage(t)
  const target = `${scene.directory}/new/here`
  const native: Native = {
    ...one.native,
    fsmount: (...words) => {
      t.notOk(existsSync(`${scene.directory}/new`), 'not yet')
      writeFileSync(`${scene.directory}/new`, '')
      return one.native.fsmount(...words)
    },
  }
  await t.rejects(mountIn(scene, native, target, { mkdir: true }), { code: 'E_REFUSED' })
  allClosed(t, one)
  t.notMatch(one.calls.join('\n'), 'move_mount')
})

t.test('what is refused or a dry run makes no call', async (t) => {
  const scene = sceneOf(t)
  const one = stage(t)
  const target = `${scene.directory}/empty`
  const minSize = { kind: 'memory', bytes: 1024n * M } as const
  await t.rejects(mountIn(scene, one.native, target, { minSize }), { code: 'E_REFUSED' })
  await t.rejects(mountIn(scene, one.native, `${target}/x`), { code: 'E_REFUSED' })
  t.hasStrict(await mountIn(scene, one.native, target, { dryRun: true }), { kind: 'dry-run' })
  t.strictSame(one.calls, [])
})

t.test('a remount is read back too', async (t) => {
  const scene = sceneOf(t)
  const one = stage(t)
  const target = `${scene.directory}/empty`
  scene.show(target, 'pagesize=2M')
  const remount = { remount: true, flagWords: 'noexec' }
  t.hasStrict(await mountIn(scene, one.native, target, remount), {
    outcome: 'partial',
    different: [{ option: 'flags', wanted: 'nosuid,nodev,noexec', found: 'nosuid,nodev' }],
  })
  t.strictSame(one.calls, [`mount none ${target} hugetlbfs ${32 | 2 | 4 | 8} `])
})

t.test('a line of mountinfo that is not understood stops only what it may be about', async (t) => {
  const scene = sceneOf(t)
  const target = join(scene.directory, 'empty')
  const dryRun = (line: string) => {
    const read = (path: string) => octets(`${scene.tree.read(path)}${line}\n`)
    const tree = {
      ...scene.tree,
      read: (path: string) => (path === mountinfoPath ? read(path) : scene.tree.read(path)),
    }
    return mountIn({ ...scene, tree }, nativeWith({}), target, { dryRun: true })
  }
  for (const line of ['garbage line', '44 1 0:50 / /other rw tmpfs none'])
    t.hasStrict(await dryRun(line), { kind: 'dry-run' })
  await t.rejects(dryRun(`44 1 0:50 / ${target} rw tmpfs none`), {
    code: 'E_KERNEL',
    reason: 'not-understood',
  })
})
