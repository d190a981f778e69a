import t from 'tap'
import type { MountPlan } from '../../../src/model/mounts/mount-plan.ts'
import { carryOutMount } from '../../../src/operations/mounts/carry-out-mount.ts'
import type { Ports } from '../../../src/operations/ports.ts'

t.test('where nothing is to be done nothing is, and signals still end the process', async (t) => {
  const ports = {
    watchSignals: () => t.fail('signals are not noted'),
    native: () => t.fail('no system call is made'),
  } as unknown as Ports
  const undo = carryOutMount(ports, { kind: 'unchanged' } as MountPlan)
  t.equal(undo(), true)
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
