import t from 'tap'
import { addNodes, nodesOfAreas, wholeOn } from '../../../../src/model/processes/who/area-nodes.ts'

t.test('pages by node, in the order of the nodes', async (t) => {
  t.strictSame(
    addNodes([
      { node: 10, pages: 1n },
      { node: 2, pages: 3n },
      { node: 5, pages: 0n },
      { node: 10, pages: 4n },
      { node: 0, pages: 1n },
    ]),
    [
      { node: 0, pages: 1n },
      { node: 2, pages: 3n },
      { node: 10, pages: 5n },
    ],
  )
  t.strictSame(addNodes([]), [])
})

t.test('a frame of several areas counts once', async (t) => {
  const areas = [
    {
      frameNodes: new Map([
        [512, 0],
        [1024, 1],
      ]),
    },
    {
      frameNodes: new Map([
        [1024, 1],
        [1536, 1],
      ]),
    },
  ]
  t.strictSame(nodesOfAreas(areas), [
    { node: 0, pages: 1n },
    { node: 1, pages: 2n },
  ])
  t.strictSame(nodesOfAreas([]), [])
})

t.test('all pages lie on the only node', async (t) => {
  t.strictSame(wholeOn(0, 3n), [{ node: 0, pages: 3n }])
  t.strictSame(wholeOn(4, 0n), [])
  t.equal(wholeOn(undefined, 3n), undefined)
})
