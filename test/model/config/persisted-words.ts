import t from 'tap'
import {
  type PersistedFacts,
  persistedHints,
  persistedSentences,
} from '../../../src/model/config/persisted-words.ts'
import type { ServiceState } from '../../../src/model/config/service/service-state.ts'
import { M } from '../../helpers/sizes.ts'

const service: ServiceState = { kind: 'systemd', path: '/u', installed: 'enabled', missing: [] }

const facts: PersistedFacts = {
  path: '/d',
  outcome: 'done',
  keys: [
    { key: 'pools.2M.pages', value: '5' },
    { key: 'pools.2M.overcommit', value: '7' },
  ],
  overriddenBy: [],
  service,
  writers: [],
}

const install = "'hugepool service install' has it applied at every start"

t.test('what the file says, and that it is applied', async (t) => {
  t.strictSame(persistedSentences(facts), [
    '/d: has pools.2M.pages = 5',
    '/d: has pools.2M.overcommit = 7',
    '/u applies it at every start',
  ])
  t.strictSame(persistedHints(facts), [])
  t.strictSame(persistedSentences({ ...facts, outcome: 'unchanged' }).slice(0, 1), [
    '/d: has already pools.2M.pages = 5',
  ])
  t.strictSame(persistedSentences({ ...facts, keys: [] }), [])
  t.strictSame(
    persistedHints({ ...facts, keys: [], service: { ...service, installed: 'absent' } }),
    [],
  )
})

t.test('who sets it otherwise', async (t) => {
  const writer = {
    source: 'tmpfiles',
    what: { attribute: 'persistent', size: 2n * M },
    value: '7',
    file: '/t',
    line: 2,
    when: 'after',
    wins: true,
    agrees: false,
  } as const
  const changed = { ...facts, writers: [writer] }
  t.strictSame(persistedSentences(changed).slice(2, 3), [
    '/t:2: systemd-tmpfiles sets 2M to 7, after hugepool, and wins',
  ])
  t.strictSame(persistedHints(changed), ['remove the line from /t, or have it say the same'])
})

t.test('what keeps it from being so', async (t) => {
  const overridden = {
    ...facts,
    skipped: 'when.host in line 3: is x',
    overriddenBy: [{ file: '/d/90', line: 2, column: 1, key: 'pools.2M.pages' }],
  }
  t.strictSame(persistedSentences(overridden).slice(2), [
    '/d: does not count here: when.host in line 3: is x',
    '/d/90:2:1: pools.2M.pages: overrides it',
    '/u applies it at every start',
  ])
  const last = (state: Partial<ServiceState>) => {
    const changed = { ...facts, service: { ...service, ...state } }
    return [persistedSentences(changed).at(-1), ...persistedHints(changed)]
  }
  t.strictSame(last({ installed: 'absent' }), [
    'nothing applies it at a start: /u: it is absent',
    install,
  ])
  t.strictSame(last({ missing: ['/n'] }), [
    'nothing applies it at a start: /u: its program is gone',
    install,
  ])
  const { service: gone, ...unknown } = facts
  t.strictSame(
    persistedSentences(unknown).at(-1),
    'nothing applies it at a start: no init is known here',
  )
  t.strictSame(persistedHints(unknown), [])
})
