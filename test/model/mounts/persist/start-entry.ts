import t from 'tap'
import { fstabLine } from '../../../../src/model/mounts/persist/fstab.ts'
import type { PersistFacts } from '../../../../src/model/mounts/persist/persist-facts.ts'
import {
  type StartEntry,
  startEntries,
  startEntryDocument,
  startEntryHints,
  startEntryWords,
} from '../../../../src/model/mounts/persist/start-entry.ts'
import { unitText } from '../../../../src/model/mounts/persist/systemd-unit.ts'
import { huge } from '../../../helpers/persist.ts'

const nothing = { kind: 'nothing' } as const
const none: PersistFacts = { unit: nothing, wants: nothing, systemd: true, systemdRuns: true }
const path = '/etc/systemd/system/mnt-huge.mount'
const packaged = '/usr/lib/systemd/system/mnt-huge.mount'
const ownUnit: PersistFacts = { ...none, unit: { kind: 'file', text: unitText(huge) } }
const line = 'none /mnt/huge hugetlbfs pagesize=2M 0 0\n'
const entries = (facts: PersistFacts) => startEntries(facts, '/mnt/huge')

const unit = (at: string, own: boolean): StartEntry => ({ kind: 'systemd', path: at, own })
const inFstab = (number: number, own: boolean): StartEntry => ({
  kind: 'fstab',
  path: '/etc/fstab',
  line: number,
  own,
})

const cases: readonly (readonly [string, PersistFacts, readonly StartEntry[]])[] = [
  ['nothing', none, []],
  ['a line of others', { ...none, fstab: `# a\n${line}` }, [inFstab(2, false)]],
  ['a line of hugepool', { ...none, fstab: fstabLine(huge, true) }, [inFstab(1, true)]],
  ['noauto', { ...none, fstab: line.replace('2M', '2M,noauto') }, []],
  [
    'another name in fstab',
    { ...none, fstab: line.replace('/mnt', '/link'), names: ['/link/huge'] },
    [inFstab(1, false)],
  ],
  ['a unit of hugepool', ownUnit, [unit(path, true)]],
  ['that nothing starts', { ...ownUnit, idle: true }, []],
  ['a unit of others', { ...none, unit: { kind: 'file', text: 'x' } }, [unit(path, false)]],
  ['a link', { ...none, unit: { kind: 'link', to: '/x.mount' } }, [unit(path, false)]],
  ['a unit of a package', { ...none, packaged }, [unit(packaged, false)]],
  ['without systemd', { ...none, packaged, systemd: false }, []],
  ['under a line', { ...none, packaged, fstab: line }, [inFstab(1, false)]],
  ['beside a line', { ...ownUnit, fstab: line }, [inFstab(1, false), unit(path, true)]],
  ['masked', { ...none, packaged, fstab: line, masked: path }, []],
]

for (const [name, facts, expected] of cases)
  t.test(`what mounts again at the next start: ${name}`, async (t) =>
    t.strictSame(entries(facts), expected),
  )

t.test('each is told, with what keeps it from that', async (t) => {
  const all = [inFstab(2, false), unit(path, false), unit(packaged, false)]
  t.strictSame(startEntryWords(all, '/mnt/huge'), [
    '/etc/fstab: line 2 mounts /mnt/huge again at the next start',
    `${path}: mounts /mnt/huge again at the next start`,
    `${packaged}: mounts /mnt/huge again at the next start`,
  ])
  t.strictSame(startEntryHints(all, '/mnt/huge'), [
    'remove the line by hand, or add noauto to its options',
    'keep it from that: systemctl disable mnt-huge.mount',
    'keep it from that: systemctl mask mnt-huge.mount',
  ])
  t.strictSame(startEntryHints([inFstab(1, true), unit(path, true)], '/a b'), [
    "remove that too: hugepool umount '/a b' --persist",
  ])
  t.strictSame(startEntryDocument([]), undefined)
  t.strictSame(startEntryDocument(all), all)
})

t.test('a path that no unit can have', async (t) => {
  t.strictSame(startEntries(ownUnit, '/a/../b'), [])
})
