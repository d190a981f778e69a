import t from 'tap'
import {
  type CleanFacts,
  type CleanRequest,
  isNamedBy,
  reasonToKeep,
} from '../../../../src/model/processes/files/clean-choice.ts'
import type { HugeFile } from '../../../../src/model/processes/files/huge-file.ts'
import type { KeptWord } from '../../../../src/model/processes/files/kept-word.ts'
import { hugeFile } from '../../../helpers/huge-file.ts'

const minute = 60_000
const now = 100 * minute

const named = (word: string, ...keys: readonly string[]): KeptWord => ({
  word,
  pattern: word,
  keys: new Set(keys),
})

const reason = (
  of: Partial<HugeFile>,
  { older = minute, keep = [] }: Partial<CleanRequest> = {},
  facts: Partial<CleanFacts> = {},
) =>
  reasonToKeep(
    hugeFile(of),
    { older },
    { now, isRunning: () => false, keep: keep.map((word) => named(word)), ...facts },
  )

t.test('which files stay, and why', async (t) => {
  t.equal(reason({}), undefined)
  for (const state of ['mapped', 'open', 'locked'] as const) t.equal(reason({ state }), 'used')
  t.equal(reason({ state: 'unknown' }), 'unknown')
  t.equal(reason({ program: { program: 'Firedancer', stays: true } }), 'stays')
  t.equal(reason({ links: 2n }), 'names')
  t.equal(reason({ covers: true }), 'covers')
  t.equal(reason({ isMount: true }), 'mounted')
  t.equal(reason({ isNoText: true }), 'no-text')
  t.equal(reason({ reach: '' }), 'unreached')
  t.equal(reason({ reach: '', state: 'open' }), 'used')
  t.equal(reason({ reach: '', state: 'unknown' }), 'unreached')
  t.equal(reason({}, { keep: ['file'] }), 'kept')
  const aside = { path: '/mnt/huge/.hugepool-100-file', key: '00:27:100' }
  for (const word of ['file', '/mnt/huge/file', '.hugepool-*'])
    t.equal(reason(aside, { keep: [word] }), 'kept', 'by the name that it had, too')
  t.equal(reason({ ...aside, key: '00:27:101' }, { keep: ['file'] }), undefined)
})

t.test('the process in a name', async (t) => {
  const program = { program: 'SPDK', pid: 7 }
  t.equal(reason({ program }), undefined)
  t.equal(reason({ program }, {}, { isRunning: (pid) => pid === 7 }), 'running')
  t.equal(reason({ program }, {}, { isRunning: (pid) => pid === 8 }), undefined)
  t.equal(reason({}, {}, { isRunning: () => true }), undefined)
})

t.test('a file that was touched lately stays', async (t) => {
  t.equal(reason({ touched: now - minute }), undefined)
  t.equal(reason({ touched: now - minute + 1 }), 'young')
  t.equal(reason({ touched: now + minute }), 'young', 'a clock that was set back')
  for (const touched of [now, now + minute])
    t.equal(reason({ touched }, { older: 0 }), undefined, 'that spares none')
})

t.test('who has a file comes before every other reason', async (t) => {
  const all = { program: { program: 'x', stays: true }, links: 2n, touched: now } as const
  t.equal(reason({ ...all, state: 'open' }), 'used')
})

t.test('a word of --keep leads to a file, whatever its path', async (t) => {
  const file = hugeFile({ path: '/mnt/huge/a', key: '00:27:7' })
  t.equal(isNamedBy(file, named('/other/a', '00:27:6', '00:27:7')), true)
  t.equal(isNamedBy(file, named('/other/a', '00:27:6')), false)
  t.equal(isNamedBy(file, named('/mnt/huge/*')), true)
})
