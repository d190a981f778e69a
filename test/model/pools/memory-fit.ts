import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import type { Machine } from '../../../src/model/pools/machine.ts'
import { planResize, type ResizeRequest } from '../../../src/model/pools/resize-plan.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import * as fc from '../../helpers/property.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const none = (node: number) => ({ node, total: 0n, free: 0n, surplus: 0n })
const empty = (size: bigint) => poolOf(size, { nodes: [none(0), none(1)] })

/** 1 GiB free on node 0, 3 GiB on node 1; the default margins are 64 MiB everywhere. */
const machine = machineOf([empty(2n * M), empty(G)], [nodeOf(0, G), nodeOf(1, 3n * G)])

const plan = (words: string, request: Partial<ResizeRequest> = {}, on: Machine = machine) =>
  planResize(on, { assignments: words.split(' ').map(parseAssignment), ...request })

/** The counts of a plan, in the order in which they were typed. */
const counts = (...of: Parameters<typeof plan>) => plan(...of).settings.map((one) => one.requested)

const isRefused = (...of: Parameters<typeof plan>): boolean => {
  try {
    plan(...of)
    return false
  } catch (error) {
    if (error instanceof HugepoolError && error.code === 'E_REFUSED') return true
    throw error
  }
}

t.test('a growth beyond a node is refused and names the largest that fits', async (t) => {
  // 1 GiB - 64 MiB of 2 MiB pages.
  t.strictSame(counts('2M=0:480'), [480n])
  t.throws(() => plan('2M=0:481'), {
    code: 'E_REFUSED',
    message: '481 pages of 2M would leave less than 64M of the 1G of memory available on node 0',
    hint: 'the largest count that fits is 2M=0:480; --leave AMOUNT changes the margin, --leave 0 lets the kernel try',
  })
})

t.test('one page that is too much is a page, not pages', async (t) => {
  const machine = machineOf([poolOf(G, { nodes: [none(0)] })], [nodeOf(0, G, G)])
  t.throws(() => plan('1G=0:1', {}, machine), {
    message: '1 page of 1G would leave less than 64M of the 1G of memory available',
  })
})

/** The steps of a plan: the node, or `all`, and what is written. */
const written = (...of: Parameters<typeof plan>) =>
  plan(...of).steps.map(({ node, before, value }) => [node ?? 'all', before, value])

t.test('a spread growth takes an equal part of every node', async (t) => {
  t.strictSame(written('2M=960'), [['all', 0n, 960n]])
  t.strictSame(plan('2M=960').notes, [])
})

t.test('where an equal part is too much for a node, the others give the rest', async (t) => {
  const uneven = [
    [0, 0n, 480n],
    [1, 0n, 481n],
  ]
  t.strictSame(counts('2M=961'), [961n])
  t.strictSame(written('2M=961'), uneven)
  t.strictSame(plan('2M=961').notes, [
    '2M: not an equal part of each node, for memory is short on one: 480 from node 0, 481 from node 1',
  ])
  const policy = { mode: 'interleave', nodes: [0, 1] } as const
  t.strictSame(written('2M=961', { policy }), uneven)
  t.strictSame(counts('2M=1984'), [1984n])
  t.throws(() => plan('2M=1985'), {
    code: 'E_REFUSED',
    message:
      '1985 pages of 2M would leave less than the margin on each of nodes 0-1, which can give 1984 more',
    hint: 'the largest count that fits is 2M=1984; --leave AMOUNT changes the margin, --leave 0 lets the kernel try',
  })
})

t.test('a full node blocks nothing, and keeps what it has', async (t) => {
  const used = { node: 1, total: 450n, free: 450n, surplus: 0n }
  const pool = poolOf(2n * M, { total: 450n, free: 450n, nodes: [none(0), used] })
  const full = machineOf([pool], [nodeOf(0, G, 900n * M), nodeOf(1, G, 33n * M)])
  t.strictSame(written('2M=+100', {}, full), [[0, 0n, 100n]])
  t.strictSame(counts('2M=max', {}, full), [868n])
  t.throws(() => plan('2M=1:+1', {}, full), {
    message:
      '451 pages of 2M would go below the 64M that has to remain on node 1, where 33M of memory is available',
  })
  const both = machineOf([pool], [nodeOf(0, G, 60n * M), nodeOf(1, G, 33n * M)])
  t.throws(() => plan('2M=+1', {}, both), {
    message: '451 pages of 2M would leave less than the margin on each of nodes 0-1',
    hint: /fits is 2M=450;/,
  })
})

t.test('a max that is what there is says so, and why', async (t) => {
  const poor = machineOf([poolOf(2n * M, { nodes: [none(0)] })], [nodeOf(0, G, 33n * M)])
  t.strictSame(written('2M=max', {}, poor), [])
  t.strictSame(plan('2M=max', {}, poor).notes, [
    '2M: max is what there is: one more page would go below the 64M that has to remain, where 33M of memory is available',
  ])
  t.strictSame(plan('2M=max').notes.length, 1, 'only that the nodes give unequal parts')
})

t.test('surplus turns persistent before the nodes are written one by one', async (t) => {
  const here = { node: 0, total: 10n, free: 0n, surplus: 4n }
  const pool = poolOf(2n * M, { total: 10n, free: 0n, surplus: 4n, nodes: [here, none(1)] })
  const uneven = machineOf([pool], [nodeOf(0, G, 70n * M), nodeOf(1, G)])
  t.strictSame(written('2M=30', {}, uneven), [
    ['all', 6n, 10n],
    [0, 10n, 13n],
    [1, 0n, 17n],
  ])
  t.strictSame(written('2M=10', {}, uneven), [['all', 6n, 10n]])
})

t.test('--leave moves the limit, and 0 lets the kernel try anything', async (t) => {
  t.throws(() => plan('2M=0:257', { leave: 512n * M }), { code: 'E_REFUSED', hint: /2M=0:256;/ })
  t.strictSame(counts('2M=0:256', { leave: 512n * M }), [256n])
  t.ok(isRefused('2M=0:512', { leave: 1n }))
  t.strictSame(counts('2M=100000', { leave: 0n }), [100000n])
})

t.test('--leave holds for the machine; each node of a spread growth keeps its part', async (t) => {
  // 1 GiB to be left, half of it on each node.
  t.strictSame(counts('2M=max', { leave: G }), [1536n])
  t.throws(() => plan('2M=1537', { leave: G }), { code: 'E_REFUSED', hint: /2M=1536;/ })
})

t.test('max is what fits, and never refused nor below what is there', async (t) => {
  t.strictSame(counts('2M=max'), [1984n])
  t.strictSame(counts('2M=0:max'), [480n])
  t.strictSame(counts('2M=0:max', { leave: 0n }), [512n])
  t.strictSame(counts('2M=max', { leave: 100n * G }), [0n])
  const poor = machineOf(
    [poolOf(2n * M, { total: 9n, surplus: 2n, nodes: [none(0)] })],
    [nodeOf(0, G, 0n)],
  )
  t.strictSame(counts('2M=max', {}, poor), [9n], 'surplus pages become persistent, no more')
})

t.test('max takes what the counts leave, larger pages first', async (t) => {
  t.strictSame(counts('2M=max 1G=1:1'), [1472n, 1n])
  t.strictSame(counts('2M=1:max 1G=1:1'), [992n, 1n])
  t.strictSame(counts('2M=1:max 1G=1:max'), [480n, 2n])
})

t.test('growths of one call add up', async (t) => {
  t.strictSame(counts('2M=1:480 1G=1:2'), [480n, 2n])
  t.throws(() => plan('2M=1:481 1G=1:2'), {
    code: 'E_REFUSED',
    message: /481 pages of 2M/,
    hint: /2M=1:480;/,
  })
})

t.test('surplus pages become persistent ones without any memory', async (t) => {
  const surplus = { total: 600n, surplus: 500n }
  const pool = poolOf(2n * M, { ...surplus, nodes: [{ node: 0, free: 0n, ...surplus }] })
  const full = machineOf([pool], [nodeOf(0, 8n * G, 0n)])
  t.strictSame(counts('2M=600', {}, full), [600n])
  t.strictSame(counts('2M=0:+500', {}, full), [600n])
  t.throws(() => plan('2M=601', {}, full), { code: 'E_REFUSED', hint: /2M=600;/ })
})

t.test('what a shrink frees can be grown into, and only once', async (t) => {
  const counters = { total: 256n, free: 256n, surplus: 0n }
  const pools = [
    poolOf(2n * M, { ...counters, nodes: [{ node: 0, ...counters }] }),
    poolOf(32n * M, { nodes: [none(0)] }),
    poolOf(G, { nodes: [none(0)] }),
  ]
  const full = machineOf(pools, [nodeOf(0, G, 64n * M)])
  t.ok(isRefused('32M=16', {}, full), 'there is no memory yet')
  t.strictSame(counts('2M=0 32M=16', {}, full), [0n, 16n])
  t.strictSame(counts('2M=0:0 32M=0:16', {}, full), [0n, 16n])
  t.ok(isRefused('2M=0 32M=17', {}, full))
  t.ok(isRefused('2M=1 32M=16', {}, full))
  t.strictSame(counts('32M=max 2M=128', {}, full), [8n, 128n])
})

t.test('pages in use or reserved free no memory', async (t) => {
  const counters = { total: 256n, free: 128n, surplus: 0n }
  const pool = poolOf(2n * M, { ...counters, reserved: 64n, nodes: [{ node: 0, ...counters }] })
  const full = machineOf([pool, poolOf(32n * M, { nodes: [none(0)] })], [nodeOf(0, G, 64n * M)])
  t.strictSame(counts('2M=0 32M=4', {}, full), [0n, 4n])
  t.ok(isRefused('2M=0 32M=5', {}, full))
  const wrapped = { ...full, pools: full.pools.map((one) => ({ ...one, reserved: -1n })) }
  t.strictSame(counts('2M=0 32M=8', {}, wrapped), [0n, 8n])
  t.ok(isRefused('2M=0 32M=9', {}, wrapped))
})

t.test('a cpuset that hides nodes leaves the others to give all', async (t) => {
  t.strictSame(counts('2M=max', {}, { ...machine, allowedNodes: [0] }), [480n])
  t.strictSame(counts('2M=max', {}, { ...machine, allowedNodes: [1] }), [1504n])
})

t.test('a policy takes all from its nodes', async (t) => {
  t.strictSame(counts('2M=max', { policy: { mode: 'bind', nodes: [1] } }), [1504n])
})

const count = fc.bigInt(0n, 2000n)
const total = fc.bigInt(0n, 400n)

t.test('what is not refused leaves the margin, and one page more than max is refused', async () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2000n), fc.bigInt(1n, 900n), (available, leave) => {
      const small = machineOf(
        [poolOf(2n * M, { nodes: [none(0)] })],
        [nodeOf(0, 4n * G, available * M)],
      )
      const [max = -1n] = counts('2M=max', { leave: leave * M }, small)
      const fits = max === 0n || available - max * 2n >= leave
      return fits && isRefused(`2M=${max + 1n}`, { leave: leave * M }, small)
    }),
  )
})

t.test('a shrink is never refused', async () => {
  fc.assert(
    fc.property(total, count, fc.bigInt(0n, 64n), (pages, asked, available) => {
      fc.pre(asked <= pages)
      const counters = {
        total: pages,
        free: pages,
        surplus: 0n,
        nodes: [{ ...none(0), total: pages }],
      }
      const full = machineOf([poolOf(2n * M, counters)], [nodeOf(0, G, available)])
      return counts(`2M=${asked}`, { leave: 100n * G }, full)[0] === asked
    }),
  )
})
