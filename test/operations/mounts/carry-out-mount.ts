import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { MountPlan } from '../../../src/model/mounts/mount-plan.ts'
import { carryOutMount } from '../../../src/operations/mounts/carry-out-mount.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { allClosed, desired, stage } from '../../helpers/mount-stage.ts'
import { temporary } from '../../helpers/run.ts'

t.test('where nothing is to be done nothing is, and signals still end the process', async (t) => {
  const ports = {
    watchSignals: () => t.fail('signals are not noted'),
    native: () => t.fail('no system call is made'),
  } as unknown as Ports
  const undo = carryOutMount(ports, { kind: 'unchanged' } as MountPlan)
  t.equal(undo(), undefined)
})

t.test('what was mounted is taken back with its directories, unless it is busy', async (t) => {
  for (const errno of [undefined, 'EBUSY'] as const) {
    const one = stage(t)
    const target = join(temporary(t), 'new')
    const unmounted: string[] = []
    const umount = (path: string) => {
      unmounted.push(path)
      if (errno !== undefined) throw systemError(errno, 'umount')
    }
    const ports = {
      watchSignals: () => {},
      native: () => ({ ...one.native, umount }),
    } as unknown as Ports
    const onTarget = { ...desired, target }
    const undo = carryOutMount(ports, { kind: 'mount', desired: onTarget, directories: [target] })
    t.ok(existsSync(target))
    t.equal(one.calls.at(-1), `move_mount ${target}`)
    const stays = `${target} stays mounted: somebody uses it already`
    t.equal(undo(), errno === undefined ? undefined : stays)
    t.strictSame(unmounted, Array(errno === undefined ? 1 : 3).fill(target))
    t.equal(existsSync(target), errno !== undefined)
    allClosed(t, one)
  }
})

t.test('what cannot be mounted leaves no directory', async (t) => {
  const one = stage(t, 'move_mount', 'EPERM')
  const target = join(temporary(t), 'new')
  const ports = { watchSignals: () => {}, native: () => one.native } as unknown as Ports
  const onTarget = { ...desired, target }
  t.throws(
    () => carryOutMount(ports, { kind: 'mount', desired: onTarget, directories: [target] }),
    {
      code: 'E_PERMISSION',
    },
  )
  t.notOk(existsSync(target))
  allClosed(t, one)
})

t.test('from the first step on signals are noted', async (t) => {
  const called: string[] = []
  const ports = {
    watchSignals: () => void called.push('signals'),
    native: () => {
      called.push('native')
      throw new Error('there is no addon')
    },
  } as unknown as Ports
  t.throws(() => carryOutMount(ports, { kind: 'remount' } as MountPlan), {
    message: 'there is no addon',
  })
  t.strictSame(called, ['signals', 'native'])
})
