import t from 'tap'
import type { PageHold } from '../../../src/model/processes/who/page-hold.ts'
import { newWatch, withLook } from '../../../src/model/telemetry/watch-state.ts'
import { jsonText } from '../../../src/output/json-text.ts'
import { watchSchema } from '../../../src/output/schemas/watch-schema.ts'
import { watchDocument } from '../../../src/output/telemetry/watch-document.ts'
import { parseExact } from '../../helpers/json.ts'
import { lookAt, nodePart, seenPool } from '../../helpers/pool-look.ts'
import { M } from '../../helpers/sizes.ts'

const asked = { interval: 2000, perNode: false, showsHolders: false }
const hold: PageHold = {
  kind: 'mapping',
  size: 2n * M,
  pages: 3n,
  process: { pid: 7, user: 'a', command: 'b' },
}

const seen = (at: number, pages: bigint) =>
  lookAt(at, [seenPool({ total: 9n, free: 9n - pages, nodes: [nodePart(1, 9n, 9n - pages)] })])

/** A document as it is printed, which fits its schema. */
const printed = (document: ReturnType<typeof watchDocument>) => {
  const text = jsonText({ version: 1, ...document })
  t.strictSame(watchSchema.safeParse(parseExact(text)).error, undefined)
  return JSON.parse(text)
}

t.test('the first look has no changes', async (t) => {
  const document = watchDocument(withLook(newWatch(asked), seen(500, 0n)))
  const { pools, ...rest } = printed(document)
  t.strictSame(rest, {
    version: 1,
    look: 1,
    time: '2026-01-01T00:00:00.500Z',
    elapsed: 0,
    changes: [],
    events: [],
  })
  t.strictSame(
    pools.map(({ pageSize, nodes }: Record<string, unknown>) => ({ pageSize, nodes })),
    [
      {
        pageSize: 2097152,
        nodes: [
          {
            node: 1,
            total: 9,
            persistent: 9,
            free: 9,
            inUse: 0,
            surplus: 0,
            memory: 18874368,
          },
        ],
      },
    ],
  )
})

t.test('a later one has what changed, who holds pages, and what is waited for', async (t) => {
  const last = { ...seen(2500, 3n), holds: [hold] }
  const state = [seen(0, 1n), seen(500, 0n), last].reduce(withLook, newWatch(asked))
  const document = watchDocument(state, { text: '2M.free<7', holds: true })
  const { pools, ...rest } = printed(document)
  t.strictSame(rest, {
    version: 1,
    look: 3,
    time: '2026-01-01T00:00:02.500Z',
    elapsed: 2500,
    changes: [
      { pageSize: 2097152, free: -3, available: -3, inUse: 3 },
      { pageSize: 2097152, node: 1, free: -3, inUse: 3 },
    ],
    events: ['2M node 1: 3 pages faulted in'],
    holders: [{ pid: 7, user: 'a', command: 'b', holds: 'mapping', pageSize: 2097152, pages: 3 }],
    until: { expression: '2M.free<7', holds: true },
  })
  t.equal(pools.length, 1)
})

t.test('before the first look there is nothing in it', async (t) => {
  t.strictSame(watchDocument(newWatch(asked)), {
    look: 0n,
    time: '1970-01-01T00:00:00.000Z',
    elapsed: 0n,
    pools: [],
    changes: [],
    events: [],
    holders: undefined,
    until: undefined,
  })
})
