import t from 'tap'
import type { EtcEntry } from '../../../../src/model/etc/etc-entry.ts'
import type { PersistFacts } from '../../../../src/model/mounts/persist/persist-facts.ts'
import { unitText } from '../../../../src/model/mounts/persist/systemd-unit.ts'
import {
  planUnit,
  planUnitRemoval,
  refuseForeignUnit,
} from '../../../../src/model/mounts/persist/unit-plan.ts'
import { huge } from '../../../helpers/persist.ts'

const path = '/etc/systemd/system/mnt-huge.mount'
const wanted = '/etc/systemd/system/local-fs.target.wants/mnt-huge.mount'
const text = unitText(huge)
const shell = [`cat > ${path} <<'END'\n${text}END`]

const nothing: EtcEntry = { kind: 'nothing' }
const file = (text: string): EtcEntry => ({ kind: 'file', text })
const linkTo = (to: string): EtcEntry => ({ kind: 'link', to })
const facts = (unit: EtcEntry = nothing, wants: EtcEntry = nothing): PersistFacts => ({
  unit,
  wants,
  systemd: true,
  systemdRuns: true,
})

const write = { do: 'replace', path, after: text, shell }
const link = { do: 'link', path: wanted, to: path }

t.test('a unit is written and enabled, as far as it is not', async (t) => {
  const older = `${text}# older\n`
  for (const [unit, wants, ...steps] of [
    [nothing, nothing, write, link],
    [file(text), nothing, link],
    [file(older), linkTo(path), { ...write, before: older }],
    [file(older), linkTo('../mnt-huge.mount'), { ...write, before: older }],
    [file(text), linkTo(path)],
  ] as const)
    t.strictSame(planUnit(facts(unit, wants), huge), { kind: 'systemd', path, steps })
})

t.test('what others wrote is refused', async (t) => {
  const code = 'E_REFUSED'
  const foreign = `${wanted} was not written by hugepool`
  t.throws(() => planUnit(facts(file('x')), huge), {
    code,
    message: `${path} was not written by hugepool`,
  })
  t.throws(() => planUnit(facts(linkTo('/dev/null')), huge), {
    code,
    message: `${path} is a symbolic link to /dev/null`,
  })
  for (const wants of [linkTo('/elsewhere'), file('')])
    t.throws(() => planUnit(facts(nothing, wants), huge), { code, message: foreign })
  t.doesNotThrow(() => refuseForeignUnit({ unit: nothing }, path))
  t.doesNotThrow(() => refuseForeignUnit({ unit: file(text) }, path))
})

t.test('without systemd there are no units', async (t) => {
  t.throws(() => planUnit({ ...facts(), systemdRuns: false }, huge), {
    code: 'E_UNSUPPORTED',
    message: 'systemd does not run here: /run/systemd/system is missing',
    hint: 'take --persist fstab',
  })
})

t.test('the link goes before the unit, and both only if they are hugepool’s', async (t) => {
  const gone = (unit: EtcEntry, wants: EtcEntry, target = huge.target) =>
    planUnitRemoval(facts(unit, wants), target)
  const remove = { do: 'remove', path, before: text }
  const plan = (...steps: readonly unknown[]) => [{ kind: 'systemd', path, steps }]
  for (const to of [path, '../mnt-huge.mount'])
    t.strictSame(gone(file(text), linkTo(to)), plan({ do: 'unlink', path: wanted, to }, remove))
  t.strictSame(gone(file(text), nothing), plan(remove))
  t.strictSame(gone(file(text), linkTo('/elsewhere')), plan(remove))
  const left = [{ do: 'unlink', path: wanted, to: path }]
  t.strictSame(gone(nothing, linkTo(path)), [{ kind: 'systemd', path: wanted, steps: left }])
  for (const to of ['/elsewhere', '../mnt-huge.mount'])
    t.strictSame(gone(nothing, linkTo(to)), [], to)
  t.strictSame(gone(nothing, nothing), [])
  const packaged = '/usr/lib/systemd/system/mnt-huge.mount'
  const facing = { ...facts(nothing, linkTo(path)), packaged }
  t.strictSame(planUnitRemoval(facing, huge.target), [], 'systemd may start it by that link')
  t.strictSame(gone(file('x'), linkTo(path)), [])
  t.strictSame(gone(linkTo('/dev/null'), nothing), [])
  t.strictSame(gone(file(text), linkTo(path), '/a/../b'), [], 'no unit has that name')
})
