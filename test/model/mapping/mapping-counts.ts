import t from 'tap'
import { countedParts, type MappingMachine } from '../../../src/model/mapping/mapping-counts.ts'
import type { MappingRequest } from '../../../src/model/mapping/mapping-request.ts'
import type { Pool } from '../../../src/model/pools/machine.ts'
import { gigantic, machineWith, mappingRequest, small } from '../../helpers/mapping-plan.ts'
import * as fc from '../../helpers/property.ts'

const bind = (...nodes: readonly number[]) => ({ mode: 'bind', nodes }) as const

const counted = (
  line: string,
  rest: Partial<MappingRequest> = {},
  machine: MappingMachine = machineWith(small, gigantic),
) => countedParts(machine, mappingRequest(line, rest))

const pagesOf = (...words: Parameters<typeof counted>) =>
  counted(...words).map(({ pages }) => pages)

t.test('pages, memory, and shares of the memory of the machine or of the node', async (t) => {
  for (const [line, pages] of [
    ['2M=8', [8n]],
    ['default=16M', [8n]],
    ['2M=0:3,1:8M', [3n, 4n]],
    ['2M=25%', [2048n]],
    ['2M=1:25%', [1024n]],
    [`2M=${2n ** 31n}`, [2n ** 31n]],
  ] as const)
    t.strictSame(pagesOf(line), pages, line)
})

t.test('a mapping for each node is bound to it', async (t) => {
  t.strictSame(counted('2M=5', { nodes: 'all' }), [
    { pages: 5n, policy: bind(0) },
    { pages: 5n, policy: bind(1) },
  ])
  t.strictSame(counted('2M=1:5'), [{ pages: 5n, policy: bind(1) }])
  const policy = { mode: 'interleave', nodes: [0, 1] } as const
  t.strictSame(counted('2M=5', { policy }), [{ pages: 5n, policy }])
  t.strictSame(counted('2M=5'), [{ pages: 5n }])
})

const withPool = (rest: Partial<Pool>, more: Partial<MappingMachine> = {}): MappingMachine => ({
  ...machineWith({ ...small, ...rest }),
  ...more,
})

t.test('max is what the pool can promise where the mapping may have its pages', async (t) => {
  for (const [line, rest, machine, pages] of [
    ['2M=max', {}, withPool({ reserved: 3n }), [7n]],
    ['2M=max', {}, withPool({ reserved: -2n }), [10n]],
    ['2M=1:max', {}, withPool({}), [4n]],
    ['2M=1:max', {}, withPool({ reserved: 8n }), [2n]],
    ['2M=max', { policy: bind(1) }, withPool({}), [4n]],
    ['2M=max', { policy: bind(0, 1) }, withPool({ reserved: 1n }), [9n]],
    ['2M=max', { policy: { mode: 'preferred', nodes: [1] } }, withPool({}), [10n]],
    ['2M=max', {}, withPool({}, { allowedNodes: [0, 3] }), [6n]],
    ['2M=max', { policy: bind(1) }, withPool({}, { allowedNodes: [0] }), [10n]],
    ['2M=max', {}, withPool({}, { heldPolicy: bind(1) }), [4n]],
    ['2M=max', {}, withPool({ reserved: 8n }, { heldPolicy: bind(1) }), [2n]],
    ['2M=max', {}, withPool({}, { heldPolicy: bind(0, 1), allowedNodes: [0] }), [6n]],
    ['2M=max', {}, withPool({}, { heldPolicy: { mode: 'interleave', nodes: [1] } }), [10n]],
    ['2M=max', { policy: bind(0) }, withPool({}, { heldPolicy: bind(1) }), [6n]],
    ['2M=0:max', {}, withPool({}, { heldPolicy: bind(1) }), [6n]],
    ['2M=7', {}, withPool({}, { heldPolicy: bind(1) }), [7n]],
    ['2M=max', { nodes: 'all' }, withPool({}), [6n, 4n]],
    ['2M=max', { nodes: 'all' }, withPool({ reserved: 3n }), [6n, 1n]],
    ['2M=0:max,1:2', {}, withPool({ reserved: 3n }), [5n, 2n]],
    ['2M=0:2,1:max', {}, withPool({}), [2n, 4n]],
  ] as const)
    t.strictSame(pagesOf(line, rest, machine), pages, line)
  const { reserved, ...unknown } = small
  t.strictSame(pagesOf('2M=max', {}, machineWith(unknown)), [10n], 'no reservations are told')
  t.equal(reserved, 0n)
})

t.test('where max is none, it is said what makes room', async (t) => {
  const taken = { reserved: 10n, surplus: 2n, overcommit: 5n }
  const onNode = small.nodes.map((one) => ({ ...one, ...(one.node === 1 && { free: 0n }) }))
  for (const [line, rest, machine, message, hint] of [
    ['1G=max', {}, undefined, '1G: no page is available', "'hugepool resize 1G=+1' makes room"],
    [
      '2M=max',
      {},
      withPool(taken),
      '2M: no page is available',
      "'hugepool resize 2M=+3' makes room",
    ],
    [
      '2M=max',
      {},
      // Node 3 has no memory, so that a cpuset of the others allows all that can give.
      withPool(taken, { allowedNodes: [0, 1] }),
      '2M: no page is available',
      "'hugepool resize 2M=+3' makes room",
    ],
    [
      '2M=max',
      { path: '/mnt/huge/file' },
      withPool(taken),
      '2M: no page is available',
      "'max' does not count what /mnt/huge/file has already: name a number of pages",
    ],
    [
      '2M=1:max',
      {},
      withPool({ nodes: onNode }),
      '2M on node 1: no page is available',
      "'hugepool resize 2M=1:+1' makes room there",
    ],
    [
      '2M=max',
      { policy: bind(1) },
      withPool({ nodes: onNode }),
      '2M: no page is available',
      "'hugepool resize 2M=1:+1' makes room there",
    ],
  ] as const)
    t.throws(() => counted(line, rest, machine), { code: 'E_REFUSED', message, hint }, line)
})

t.test('what the machine lacks, and counts that make no sense', async (t) => {
  for (const [line, rest, code, message] of [
    ['4M=1', {}, 'E_UNSUPPORTED', 'there are no 4M pages here'],
    ['2M=7:1', {}, 'E_UNSUPPORTED', 'there is no node 7 here'],
    ['2M=3:1', {}, 'E_UNSUPPORTED', 'node 3 has no memory'],
    ['2M=1', { policy: bind(0, 3) }, 'E_UNSUPPORTED', 'node 3 has no memory'],
    ['2M=1', { policy: bind(9) }, 'E_UNSUPPORTED', 'there is no node 9 here'],
    ['2M=0', {}, 'E_USAGE', '2M: a mapping has at least one page'],
    ['2M=0:0,1:1', {}, 'E_USAGE', '2M on node 0: a mapping has at least one page'],
    ['1G=0%', {}, 'E_USAGE', '1G: a mapping has at least one page'],
    [`2M=${2n ** 31n + 1n}`, {}, 'E_USAGE', '2M: 2147483649 pages fit no address space'],
  ] as const)
    t.throws(() => counted(line, rest), { code, message }, line)
})

t.test('property: max asks for no more than there is, in all and on every node', async () => {
  const few = fc.bigInt({ min: 0n, max: 9n })
  const lines = fc.constantFrom('2M=max', '2M=0:max', '2M=1:max', '2M=0:max,1:max', '2M=0:2,1:max')
  fc.assert(
    fc.property(
      few,
      few,
      fc.bigInt({ min: -2n, max: 12n }),
      lines,
      (first, second, reserved, line) => {
        const nodes = [first, second].map((free, node) => ({ node, total: 9n, free, surplus: 0n }))
        const pool = { ...small, total: 18n, free: first + second, reserved, nodes }
        try {
          const parts = counted(line, {}, machineWith(pool))
          const sum = parts.reduce((pages, part) => pages + part.pages, 0n)
          const named = line.includes('0:2') ? 2n : 0n
          const left = pool.free - (reserved < 0n ? 0n : reserved)
          const each = parts.every(({ pages, policy }) => {
            const [node] = policy?.nodes ?? []
            return pages === named || node === undefined || pages <= ([first, second][node] ?? 0n)
          })
          return each && sum <= (left > named ? left : named)
        } catch (error) {
          return (error as { code?: string }).code === 'E_REFUSED'
        }
      },
    ),
  )
})
