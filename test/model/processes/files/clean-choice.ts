import t from 'tap'
import {
  type CleanFacts,
  type CleanRequest,
  isKept,
  reasonToKeep,
} from '../../../../src/model/processes/files/clean-choice.ts'
import type { HugeFile } from '../../../../src/model/processes/files/huge-file.ts'
import { hugeFile } from '../../../helpers/huge-file.ts'

const minute = 60_000
const now = 100 * minute

const reason = (
  of: Partial<HugeFile>,
  request: Partial<CleanRequest> = {},
  facts: Partial<CleanFacts> = {},
) =>
  reasonToKeep(
    hugeFile(of),
    { older: minute, keep: [], ...request },
    { now, isRunning: () => false, ...facts },
  )

t.test('which files stay, and why', async (t) => {
  t.equal(reason({}), undefined)
  for (const state of ['mapped', 'open', 'locked'] as const) t.equal(reason({ state }), 'used')
  t.equal(reason({ state: 'unknown' }), 'unknown')
  t.equal(reason({ program: { program: 'Firedancer', stays: true } }), 'stays')
  t.equal(reason({ links: 2n }), 'names')
  t.equal(reason({ covers: true }), 'covers')
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
  t.equal(reason({ touched: now }, { older: 0 }), undefined)
})

t.test('who has a file comes before every other reason', async (t) => {
  const all = { program: { program: 'x', stays: true }, links: 2n, touched: now } as const
  t.equal(reason({ ...all, state: 'open' }), 'used')
})

t.test('words of --keep', async (t) => {
  const path = '/mnt/huge/sub/rtemap_0'
  for (const word of [
    '/mnt/huge/sub/rtemap_0',
    '/mnt/huge',
    '/mnt/huge/',
    '/',
    'rtemap_0',
    'rte*',
    '*',
    '*map*0',
  ])
    t.equal(isKept(path, word), true, word)
  for (const word of [
    '/mnt/hug',
    '/mnt/huge/sub/rtemap',
    'rtemap',
    'sub',
    'rte.*',
    'rtemap_0*x',
    '',
  ])
    t.equal(isKept(path, word), false, word)
})
