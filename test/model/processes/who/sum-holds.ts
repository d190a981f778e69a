import t from 'tap'
import { nodesOfAreas } from '../../../../src/model/processes/who/area-nodes.ts'
import type { HolderProcess, PageHold } from '../../../../src/model/processes/who/page-hold.ts'
import { splitByNode, sumHolds } from '../../../../src/model/processes/who/sum-holds.ts'
import { areaOf, processNumber } from '../../../helpers/found-pages.ts'
import { G, M } from '../../../helpers/sizes.ts'

const size = 2n * M

const zoe: HolderProcess = { pid: 5, uid: 1000, user: 'zoe', command: 'a', container: 'box' }
const other: HolderProcess = { pid: 6, uid: 1001, command: 'b' }

const file = (key: string, pages: bigint, rest: Partial<PageHold> = {}): PageHold => ({
  kind: 'mapping',
  size,
  process: zoe,
  pages,
  files: new Map([[key, pages]]),
  nodes: [{ node: 0, pages }],
  ...rest,
})

t.test('by process, user, container and kind', async (t) => {
  const holds: readonly PageHold[] = [
    file('00:1f:1', 3n, { reserved: 2n }),
    file('00:1f:2', 4n, { kind: 'descriptor' }),
    file('00:1f:3', 5n, { process: other, nodes: [{ node: 1, pages: 5n }] }),
    { kind: 'file', size, uid: 1000, user: 'zoe', pages: 6n, files: new Map([['00:1f:4', 6n]]) },
    { kind: 'unexplained', size, pages: 1n },
  ]
  const left = { size, kind: 'file', pages: 6n }
  const rest = { size, kind: 'unexplained', pages: 1n }
  const node = (id: number, pages: bigint) => [{ node: id, pages }]
  const ofZoe = { size, pages: 7n, reserved: 2n, nodes: node(0, 7n) }
  const ofOther = { size, kind: 'mapping', pages: 5n, nodes: node(1, 5n) }
  t.strictSame(sumHolds(holds, 'process'), [
    { process: zoe, ...ofZoe },
    { process: other, ...ofOther },
    left,
    rest,
  ])
  t.strictSame(sumHolds(holds, 'user'), [
    { uid: 1000, user: 'zoe', ...ofZoe, pages: 13n },
    { uid: 1001, ...ofOther },
    rest,
  ])
  t.strictSame(sumHolds(holds, 'container'), [{ container: 'box', ...ofZoe }, ofOther, left, rest])
  t.strictSame(sumHolds(holds, 'kind'), [
    {
      size,
      kind: 'mapping',
      pages: 8n,
      reserved: 2n,
      nodes: [...node(0, 3n), ...node(1, 5n)],
    },
    { size, kind: 'descriptor', pages: 4n, nodes: node(0, 4n) },
    left,
    rest,
  ])
  t.strictSame(sumHolds(holds, 'node'), [
    { size, pages: 7n, nodes: node(0, 7n) },
    { size, pages: 5n, nodes: node(1, 5n) },
    { size, pages: 7n, reserved: 2n, nodes: [] },
  ])
})

t.test('pages of different sizes are not added', async (t) => {
  const holds = [file('00:1f:1', 3n), file('00:20:1', 4n, { size: G })]
  const sums = [
    { size, pages: 3n, nodes: [{ node: 0, pages: 3n }] },
    { size: G, pages: 4n, nodes: [{ node: 0, pages: 4n }] },
  ]
  t.strictSame(
    sumHolds(holds, 'process'),
    sums.map((sum) => ({ process: zoe, kind: 'mapping', ...sum })),
  )
  t.strictSame(sumHolds(holds, 'node'), sums)
  t.strictSame(sumHolds([], 'node'), [])
  t.strictSame(sumHolds([], 'kind'), [])
})

t.test('a file of several holds counts once, and so do its reservations', async (t) => {
  const holds = [
    file('00:1f:1', 3n, { reserved: 2n }),
    file('00:1f:1', 3n, { reserved: 2n, process: other }),
    file('00:1f:2', 1n, { reserved: 1n, process: other }),
  ]
  const sum = { pages: 4n, reserved: 3n, nodes: [{ node: 0, pages: 4n }] }
  t.strictSame(sumHolds(holds, 'kind'), [{ size, kind: 'mapping', ...sum }])
  t.strictSame(sumHolds(holds, 'node'), [
    { size, pages: 4n, nodes: [{ node: 0, pages: 4n }] },
    { size, pages: 0n, reserved: 3n, nodes: [] },
  ])
})

t.test('frames of several holds count once', async (t) => {
  const own = (pid: number, frames: readonly number[], key: string): PageHold => ({
    kind: 'mapping',
    size,
    process: processNumber(pid),
    pages: BigInt(frames.length),
    files: new Map([[key, 0n]]),
    areas: [areaOf(pid, { frames, key })],
  })
  const holds = [own(5, [512, 1024], '00:10:1'), own(6, [1024, 1536], '00:10:2')]
  t.strictSame(sumHolds(holds, 'user'), [
    { uid: 0, user: 'root', size, kind: 'mapping', pages: 3n },
  ])
})

/** What a process has in its memory of one file, or without one: frames with their nodes. */
const inMemory = (
  pid: number,
  frameNodes: readonly (readonly [frame: number, node: number])[],
  {
    key = '00:10:1',
    isPrivate = true,
    ofFile = 0n,
    ...rest
  }: Partial<PageHold> & {
    readonly key?: string
    readonly isPrivate?: boolean
    readonly ofFile?: bigint
  } = {},
): PageHold => {
  const frames = isPrivate ? frameNodes.map(([frame]) => frame) : []
  const areas = [areaOf(pid, { key, isPrivate, frames, frameNodes: new Map(frameNodes) })]
  return {
    kind: 'mapping',
    size,
    process: processNumber(pid),
    pages: ofFile + BigInt(frames.length),
    nodes: nodesOfAreas(areas),
    files: new Map([[key, ofFile]]),
    areas,
    ...rest,
  }
}

t.test('after a fork the own copies of the child are on their nodes as well', async (t) => {
  const parent = inMemory(5, [
    [512, 0],
    [1024, 0],
    [1536, 1],
  ])
  const child = inMemory(6, [
    [512, 0],
    [2048, 1],
    [2560, 1],
  ])
  const nodes = [
    { node: 0, pages: 2n },
    { node: 1, pages: 3n },
  ]
  t.strictSame(
    sumHolds([parent, child], 'node'),
    nodes.map((one) => ({ size, pages: one.pages, nodes: [one] })),
  )
  for (const by of ['user', 'kind'] as const)
    t.hasStrict(sumHolds([parent, child], by), [{ pages: 5n, nodes }], by)
})

t.test('processes with different pages of one file have all of them on their nodes', async (t) => {
  const shared = { key: '00:1f:1', isPrivate: false, ofFile: 4n }
  const one = inMemory(
    5,
    [
      [512, 0],
      [1024, 1],
    ],
    shared,
  )
  const two = inMemory(
    6,
    [
      [1024, 1],
      [1536, 1],
    ],
    shared,
  )
  const { nodes: _, areas: __, ...open } = inMemory(7, [], { ...shared, kind: 'descriptor' })
  t.strictSame(sumHolds([open, one, two], 'node'), [
    { size, pages: 1n, nodes: [{ node: 0, pages: 1n }] },
    { size, pages: 2n, nodes: [{ node: 1, pages: 2n }] },
    { size, pages: 1n, nodes: [] },
  ])
})

t.test('where one node has all, a file and the copies of a child are there', async (t) => {
  const shared = { key: '00:1f:1', isPrivate: false, ofFile: 4n, nodes: [{ node: 0, pages: 4n }] }
  const holds = [
    inMemory(5, [[512, 0]], shared),
    inMemory(6, [[1024, 0]], shared),
    inMemory(5, [
      [2048, 0],
      [2560, 0],
    ]),
    inMemory(6, [
      [2048, 0],
      [3072, 0],
    ]),
    { kind: 'unexplained' as const, size, pages: 1n },
  ]
  t.strictSame(sumHolds(holds, 'node'), [
    { size, pages: 7n, nodes: [{ node: 0, pages: 7n }] },
    { size, pages: 1n, nodes: [] },
  ])
})

t.test('a child without reservations leaves those of its parent', async (t) => {
  const child = inMemory(
    6,
    [
      [512, 0],
      [1024, 0],
    ],
    { reserved: 0n },
  )
  const parent = inMemory(5, [[512, 0]], { reserved: 3n })
  t.hasStrict(sumHolds([child, parent], 'kind'), [{ pages: 2n, reserved: 3n }])
})

t.test('pages that are not known', async (t) => {
  const unknown: PageHold = { kind: 'mapping', size, process: zoe, reserved: 1n }
  t.strictSame(sumHolds([unknown], 'process'), [
    { process: zoe, size, kind: 'mapping', reserved: 1n },
  ])
  t.strictSame(sumHolds([unknown, file('00:1f:1', 3n)], 'process'), [
    {
      process: zoe,
      size,
      kind: 'mapping',
      pages: 3n,
      reserved: 1n,
      nodes: [{ node: 0, pages: 3n }],
    },
  ])
})

t.test('a row for every node', async (t) => {
  const { nodes: _, ...nowhere } = file('00:1f:1', 3n)
  const two = [
    { node: 0, pages: 1n },
    { node: 2, pages: 2n },
  ]
  const whole = { ...nowhere, nodes: two }
  const parts = two.map((one) => ({ ...nowhere, pages: one.pages, nodes: [one] }))
  const { pages: _pages, ...bare } = nowhere
  t.strictSame(splitByNode([nowhere, { ...nowhere, nodes: [] }]), [
    nowhere,
    { ...nowhere, nodes: [] },
  ])
  t.strictSame(splitByNode([whole]), parts)
  t.strictSame(splitByNode([{ ...whole, reserved: 0n }]), parts)
  t.strictSame(splitByNode([{ ...whole, reserved: 4n }]), [...parts, { ...bare, reserved: 4n }])
  t.strictSame(splitByNode([{ ...whole, pages: 5n }]), [...parts, { ...bare, pages: 2n }])
  t.strictSame(splitByNode([{ ...whole, pages: 4n, reserved: 0n }]), [
    ...parts,
    { ...bare, pages: 1n, reserved: 0n },
  ])
  t.strictSame(splitByNode([{ ...bare, nodes: two }]), parts)
  t.strictSame(splitByNode([{ ...whole, pages: 1n }]), parts)
})

t.test('a sum with a bound in it is one', async (t) => {
  const sure: PageHold = { kind: 'reservation', size, process: zoe, pages: 0n, reserved: 1n }
  const unsure: PageHold = { ...sure, kind: 'mapping', reserved: 2n, reservedAtMost: true }
  const bounds = (holds: readonly PageHold[], by: 'process' | 'node') =>
    sumHolds(holds, by).map(({ reserved, reservedAtMost }) => [reserved, reservedAtMost])
  t.strictSame(bounds([sure, unsure], 'process'), [[3n, true]])
  t.strictSame(bounds([sure, sure], 'process'), [[2n, undefined]])
  t.strictSame(bounds([sure, unsure], 'node'), [[3n, true]])
  const nodes = [{ node: 0, pages: 1n }]
  const split = splitByNode([{ ...unsure, pages: 1n, nodes }])
  t.strictSame(
    split.map(({ pages, reserved, reservedAtMost }) => [pages, reserved, reservedAtMost]),
    [
      [1n, undefined, undefined],
      [undefined, 2n, true],
    ],
  )
})
