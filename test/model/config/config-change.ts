import t from 'tap'
import { refused } from '../../../src/errors.ts'
import {
  configOutcome,
  madeChanges,
  plannedChanges,
} from '../../../src/model/config/config-change.ts'
import type { ConfigItem } from '../../../src/model/config/config-item.ts'
import { G, M } from '../../helpers/sizes.ts'

const named = { key: 'pools.2M.pages', essential: true } as const
const pool = (of: Partial<ConfigItem>): ConfigItem => ({
  attribute: 'persistent',
  size: 2n * M,
  ...named,
  wanted: 8n,
  state: 'ok',
  ...of,
})
const bytes = (size: bigint) => ({ bytes: size })
const split = (found: bigint, state: ConfigItem['state']): ConfigItem => ({
  attribute: 'demote-size',
  size: G,
  key: 'pools.1G.demote-size',
  essential: false,
  wanted: bytes(2n * M),
  found: bytes(found),
  state,
})
const next = pool({ attribute: 'cma', state: 'next-boot' })

t.test('what is planned is what is not as wanted', async (t) => {
  const items = [
    pool({ found: 8n }),
    pool({ node: 1, found: 3n, state: 'drift', why: 'fewer', planned: true, atLeast: true }),
    pool({ attribute: 'mount', target: '/mnt/a', state: 'missing' }),
    next,
  ]
  t.strictSame(plannedChanges(items), [
    {
      attribute: 'persistent',
      size: 2n * M,
      node: 1,
      ...named,
      before: 3n,
      requested: 8n,
      atLeast: true,
    },
    { attribute: 'mount', size: 2n * M, target: '/mnt/a', ...named, requested: 8n },
  ])
})

t.test('what was made has both values and what came of it', async (t) => {
  const error = refused('short', 'no')
  const before = [
    pool({ found: 3n, state: 'drift' }),
    pool({ node: 0, found: 8n }),
    pool({ node: 1, found: 2n, state: 'drift' }),
    split(M, 'drift'),
    next,
  ]
  const after = [
    pool({ found: 8n }),
    pool({ node: 0, found: 8n }),
    pool({ node: 1, found: 5n, state: 'short' }),
    split(2n * M, 'ok'),
    next,
  ]
  const changes = madeChanges(before, after, [
    { attribute: 'persistent', size: 2n * M, node: 1, error },
  ])
  const persistent = { attribute: 'persistent', size: 2n * M, ...named, requested: 8n }
  t.strictSame(changes, [
    { ...persistent, before: 3n, after: 8n, outcome: 'done' },
    { ...persistent, node: 0, before: 8n, after: 8n, outcome: 'unchanged' },
    { ...persistent, node: 1, before: 2n, after: 5n, outcome: 'partial', error },
    {
      attribute: 'demote-size',
      size: G,
      key: 'pools.1G.demote-size',
      essential: false,
      before: bytes(M),
      requested: bytes(2n * M),
      after: bytes(2n * M),
      outcome: 'done',
    },
  ])
  t.equal(configOutcome(after, changes), 'partial')
  t.equal(configOutcome([split(2n * M, 'ok')], changes), 'done')
})

t.test('equal values are no change', async (t) => {
  const items = [split(2n * M, 'ok'), pool({ found: 8n }), pool({ node: 3 })]
  const changes = madeChanges(
    items,
    [...items].map((item) => ({ ...item })),
    [],
  )
  t.strictSame(
    changes.map(({ outcome }) => outcome),
    ['unchanged', 'unchanged', 'unchanged'],
  )
  t.equal(configOutcome(items, changes), 'unchanged')
  const lack = pool({ found: 1n, state: 'short', essential: false, lacks: true })
  const gained = madeChanges([{ ...lack, found: 0n }], [lack], [])
  t.equal(configOutcome([lack], gained), 'done', 'a warning is no failure')
  t.equal(configOutcome([lack], madeChanges([lack], [lack], [])), 'unchanged')
  const gone = madeChanges([pool({ found: 1n })], [pool({})], [])
  t.equal(configOutcome([], gone), 'done', 'nothing is not the same as something')
})
