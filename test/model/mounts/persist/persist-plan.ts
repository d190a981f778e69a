import t from 'tap'
import { fstabLine } from '../../../../src/model/mounts/persist/fstab.ts'
import {
  type EtcPersistKind,
  etcPersistKinds,
  type PersistFacts,
  persistKinds,
} from '../../../../src/model/mounts/persist/persist-facts.ts'
import { planPersist, planUnpersist } from '../../../../src/model/mounts/persist/persist-plan.ts'
import { unitText } from '../../../../src/model/mounts/persist/systemd-unit.ts'
import { huge } from '../../../helpers/persist.ts'

const path = '/etc/systemd/system/mnt-huge.mount'
const wanted = '/etc/systemd/system/local-fs.target.wants/mnt-huge.mount'
const nothing = { kind: 'nothing' } as const
const none: PersistFacts = { unit: nothing, wants: nothing, systemd: true, systemdRuns: true }
const ownUnit: PersistFacts = { ...none, unit: { kind: 'file', text: unitText(huge) } }
const foreignUnit: PersistFacts = { ...none, unit: { kind: 'file', text: 'x' } }
const ownLine: PersistFacts = { ...none, fstab: `${fstabLine(huge, true)}\n` }
const foreignLine: PersistFacts = { ...none, fstab: '# a\nnone /mnt/huge tmpfs\n' }
const packaged: PersistFacts = { ...none, packaged: '/lib/systemd/system/mnt-huge.mount' }

const refusal = (message: string, hint: string) => ({ code: 'E_REFUSED', message, hint })
const byPackage = refusal(
  '/lib/systemd/system/mnt-huge.mount is there for /mnt/huge and was not written by hugepool',
  'leave the mount to it, or take another directory',
)

t.test('each kind is planned by its name', async (t) => {
  t.strictSame(persistKinds, ['fstab', 'systemd', 'config'])
  for (const kind of etcPersistKinds) t.match(planPersist(none, huge, kind), { kind })
  const paths = (kind: EtcPersistKind) =>
    planPersist(none, huge, kind).steps.map(({ path }) => path)
  t.strictSame(paths('fstab'), ['/etc/fstab'])
  t.strictSame(paths('systemd'), [path, wanted])
})

t.test('what mounts the directory already is refused', async (t) => {
  for (const kind of etcPersistKinds) t.throws(() => planPersist(packaged, huge, kind), byPackage)
  t.throws(
    () => planPersist(ownUnit, huge, 'fstab'),
    refusal(
      `${path} mounts it already`,
      "take '--persist systemd', or remove it with 'hugepool umount --persist'",
    ),
  )
  t.throws(() => planPersist(foreignUnit, huge, 'fstab'), {
    message: `${path} was not written by hugepool`,
  })
  t.throws(
    () => planPersist(ownLine, huge, 'systemd'),
    refusal(
      '/etc/fstab: line 1 mounts /mnt/huge already',
      "take '--persist fstab', or remove it with 'hugepool umount --persist'",
    ),
  )
  t.throws(
    () => planPersist(foreignLine, huge, 'systemd'),
    refusal(
      '/etc/fstab: line 2 mounts /mnt/huge already',
      'remove it by hand, or leave the mount to it',
    ),
  )
})

t.test('all that hugepool wrote goes, and what others wrote is named', async (t) => {
  const kinds = (facts: PersistFacts) => planUnpersist(facts, huge.target).map(({ kind }) => kind)
  t.strictSame(kinds(none), [])
  t.strictSame(kinds(ownUnit), ['systemd'])
  t.strictSame(kinds({ ...ownUnit, ...ownLine, unit: ownUnit.unit }), ['systemd', 'fstab'])
  t.strictSame(kinds({ ...ownLine, packaged: '/lib/x' }), ['fstab'])
  t.throws(() => kinds(foreignLine), {
    message: '/etc/fstab: line 2 mounts /mnt/huge and was not written by hugepool',
  })
  t.throws(() => kinds(foreignUnit), { message: `${path} was not written by hugepool` })
  t.throws(() => kinds(packaged), byPackage)
})
