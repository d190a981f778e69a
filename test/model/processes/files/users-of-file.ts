import t from 'tap'
import { nodesByFile, usersByFile } from '../../../../src/model/processes/files/users-of-file.ts'
import type { FoundDescriptor } from '../../../../src/model/processes/who/found-pages.ts'
import { areaOf, nothingFound, processNumber } from '../../../helpers/found-pages.ts'

const key = '00:27:100'
const way = (pid: number, how: FoundDescriptor['way'] = 'open file'): FoundDescriptor =>
  ({ process: processNumber(pid), key, way: how }) as FoundDescriptor

t.test('each process once, with what it maps before what it has open', async (t) => {
  const users = usersByFile({
    ...nothingFound,
    areas: [areaOf(7, { key }), areaOf(7, { key }), areaOf(8, { key: '00:27:101' })],
    descriptors: [way(7), way(9), way(9), way(10, 'working directory')],
  })
  t.strictSame(users.get(key), [
    { pid: 7, command: 'zoo', use: 'mapped' },
    { pid: 9, command: 'zoo', use: 'open' },
  ])
  t.strictSame(users.get('00:27:101'), [{ pid: 8, command: 'zoo', use: 'mapped' }])
  t.equal(users.size, 2)
})

t.test('nodes are those of what shared mappings have, each frame once', async (t) => {
  const shared = { key, isPrivate: false }
  const areas = [
    areaOf(7, { ...shared, frameNodes: new Map([[512, 0]]) }),
    areaOf(8, {
      ...shared,
      frameNodes: new Map([
        [512, 0],
        [1024, 1],
        [1536, 1],
      ]),
    }),
    areaOf(9, { key, isPrivate: true, frameNodes: new Map([[2048, 2]]) }),
    areaOf(9, shared),
  ]
  const other = areaOf(7, { ...shared, key: '00:27:101', frameNodes: new Map([[2560, 1]]) })
  const none = areaOf(7, { ...shared, key: '00:27:102' })
  t.strictSame(
    nodesByFile({ areas: [...areas, other, none] }),
    new Map([
      [
        key,
        [
          { node: 0, pages: 1n },
          { node: 1, pages: 2n },
        ],
      ],
      ['00:27:101', [{ node: 1, pages: 1n }]],
    ]),
  )
})

t.test('each area is looked at once: DPDK has one for every page', async (t) => {
  const some = 20_000
  let looks = 0
  const counted = (at: number) =>
    Object.defineProperty(areaOf(7, { isPrivate: false, key: `00:27:${at}` }), 'isPrivate', {
      get: () => {
        looks += 1
        return false
      },
    })
  nodesByFile({ areas: Array.from({ length: some }, (_, at) => counted(at)) })
  t.equal(looks, some)
})
