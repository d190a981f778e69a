import t from 'tap'
import type { FoundPages } from '../../../../src/model/processes/who/found-pages.ts'
import {
  grouped,
  type Material,
  processHolds,
  segmentName,
} from '../../../../src/model/processes/who/process-holds.ts'
import { areaOf, fileOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'
import { M } from '../../../helpers/sizes.ts'

const size = 2n * M
const key = '00:1f:5'
const path = '/mnt/huge/f'

const noneReserved: Material['reserved'] = {
  areas: new Map(),
  files: new Map(),
  mounts: new Map(),
}

const holdsOf = (found: Partial<FoundPages>, rest: Partial<Material> = {}) =>
  processHolds({
    found: { ...nothingFound, ...found },
    reserved: noneReserved,
    isShared: () => false,
    ...rest,
  })

t.test('private memory', async (t) => {
  const area = areaOf(5, { frames: [512, 1024] })
  const hold = {
    kind: 'mapping',
    size,
    process: processNumber(5),
    pages: 2n,
    reserved: 0n,
    nodes: [{ node: 0, pages: 2n }],
    shared: false,
    name: 'anonymous',
    files: new Map([['00:10:1', 0n]]),
    areas: [area],
  }
  t.strictSame(holdsOf({ areas: [area] }), [hold])
  t.strictSame(holdsOf({ areas: [area] }, { isShared: (one) => one === area }), [
    { ...hold, shared: true },
  ])
})

t.test('a file that is mapped in several parts', async (t) => {
  const shared = { key, path, isPrivate: false }
  // A page that is mapped twice is in both.
  const areas = [
    areaOf(5, { ...shared, present: 1n, frameNodes: new Map([[512, 1]]) }),
    areaOf(5, {
      ...shared,
      present: 2n,
      frameNodes: new Map([
        [512, 1],
        [1024, 0],
        [1536, 0],
      ]),
    }),
  ]
  const hold = {
    kind: 'mapping',
    size,
    process: processNumber(5),
    pages: 7n,
    reserved: 4n,
    nodes: [{ node: 0, pages: 7n }],
    shared: true,
    name: path,
    files: new Map([[key, 7n]]),
    areas,
  }
  const reserved = { ...noneReserved, files: new Map([[key, 4n]]) }
  const files = new Map([fileOf(key, 7n)])
  t.strictSame(holdsOf({ areas, files }, { reserved }), [hold])
  const { onlyNode: _, ...several } = { ...nothingFound, areas, files }
  t.strictSame(processHolds({ found: several, reserved, isShared: () => false }), [
    {
      ...hold,
      nodes: [
        { node: 0, pages: 2n },
        { node: 1, pages: 1n },
      ],
    },
  ])
  t.strictSame(holdsOf({ areas, files: new Map([fileOf(key, undefined)]) }, { reserved }), [
    { ...hold, pages: 3n, nodes: [{ node: 0, pages: 3n }], files: new Map([[key, 3n]]) },
  ])
})

t.test('a private mapping of a file has its pages, and own ones', async (t) => {
  const area = areaOf(5, { key, path, frames: [512, 1024] })
  const reserved = { ...noneReserved, areas: new Map([[area, 2n]]), files: new Map([[key, 9n]]) }
  const hold = {
    kind: 'mapping',
    size,
    process: processNumber(5),
    pages: 5n,
    reserved: 2n,
    nodes: [{ node: 0, pages: 5n }],
    shared: false,
    name: path,
    files: new Map([[key, 3n]]),
    areas: [area],
  }
  t.strictSame(holdsOf({ areas: [area], files: new Map([fileOf(key, 3n)]) }, { reserved }), [hold])
  t.strictSame(holdsOf({ areas: [area] }, { reserved }), [
    { ...hold, pages: 2n, nodes: [{ node: 0, pages: 2n }], files: new Map([[key, 0n]]) },
  ])
})

t.test('memory without pages is a reservation, or nothing', async (t) => {
  const areas = [areaOf(5, {}), areaOf(5, {})]
  t.strictSame(holdsOf({ areas }), [])
  const promised = new Map(areas.map((area, at) => [area, BigInt(at + 1)]))
  t.strictSame(holdsOf({ areas }, { reserved: { ...noneReserved, areas: promised } }), [
    {
      kind: 'reservation',
      size,
      process: processNumber(5),
      pages: 0n,
      reserved: 3n,
      nodes: [],
      shared: false,
      name: 'anonymous',
      files: new Map([['00:10:1', 0n]]),
      areas,
    },
  ])
})

t.test('segments are named by their ids and keys', async (t) => {
  t.equal(segmentName({ id: 3, ipcKey: 0 }), 'SysV 3')
  t.equal(segmentName({ id: 3, ipcKey: 0x1234 }), 'SysV 3 (key 0x00001234)')
  t.equal(segmentName({ id: 3, ipcKey: -559038737 }), 'SysV 3 (key 0xdeadbeef)')
  const ofSegment = { key: '00:10:12@ipc:[3]', path: '/SYSVdeadbeefa (deleted)', isPrivate: false }
  const areas = [areaOf(5, { ...ofSegment, present: 1n })]
  const names = (found: Partial<FoundPages>) => holdsOf(found).map(({ name }) => name)
  t.strictSame(names({ areas }), ['SysV 12 (key 0xdeadbeef)'])
  const segment = { size, uid: 0, attached: 1, pages: 1n, length: 1n, ipcKey: 0 }
  const segments = [
    { ...segment, key: '00:10:13@ipc:[3]', id: 13 },
    { ...segment, key: ofSegment.key, id: 99 },
  ]
  t.strictSame(names({ areas, segments }), ['SysV 99'])
})

const open = { key, size, path, way: 'open file' } as const

t.test('what is open and not mapped', async (t) => {
  const found = {
    files: new Map([fileOf(key, 3n), fileOf('00:1f:6', undefined)]),
    areas: [areaOf(5, { key, path, isPrivate: false })],
    descriptors: [
      { ...open, process: processNumber(5) },
      { ...open, process: processNumber(6) },
      { ...open, process: processNumber(6) },
      { ...open, key: '00:1f:6', process: processNumber(5) },
      { ...open, key: '00:1f:1', way: 'working directory' as const, process: processNumber(7) },
    ],
  }
  const reserved = { ...noneReserved, files: new Map([[key, 4n]]) }
  const hold = { kind: 'descriptor', size, shared: true, name: path }
  t.strictSame(holdsOf(found, { reserved }).slice(1), [
    {
      ...hold,
      process: processNumber(6),
      pages: 3n,
      reserved: 4n,
      nodes: [{ node: 0, pages: 3n }],
      files: new Map([[key, 3n]]),
    },
    { ...hold, process: processNumber(5), files: new Map([['00:1f:6', 0n]]) },
    {
      ...hold,
      process: processNumber(7),
      pages: 0n,
      nodes: [],
      name: '/mnt/huge/f (working directory)',
      files: new Map([['00:1f:1', 0n]]),
    },
  ])
})

t.test('groups keep the order of what they are made of', async (t) => {
  t.strictSame(
    grouped(['b1', 'a1', 'b2', 'c1', 'a2'], (one) => one.charAt(0)),
    [['b1', 'b2'], ['a1', 'a2'], ['c1']],
  )
  t.strictSame(
    grouped([], () => ''),
    [],
  )
})

t.test('a file that only has the name of a segment, or of memory, has this name', async (t) => {
  const names = ['/SYSV00000001', '/anon_hugepage'].map((one) => {
    const area = areaOf(5, { key, path: one, isPrivate: false, isNamesake: true, present: 1n })
    return holdsOf({ areas: [area] })[0]?.name
  })
  t.strictSame(names, ['/SYSV00000001', '/anon_hugepage'])
})
