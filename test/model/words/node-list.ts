import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import {
  formatNodes,
  namedNodes,
  parseNode,
  parseNodeList,
  parseNodes,
} from '../../../src/model/words/node-list.ts'
import * as fc from '../../helpers/property.ts'

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 1023 }), { minLength: 1, maxLength: 40 })

t.test('nodes as they are typed', async (t) => {
  t.equal(parseNodes('all'), 'all')
  t.strictSame(parseNodes('0'), [0])
  t.strictSame(parseNodes('0-3,5'), [0, 1, 2, 3, 5])
  t.strictSame(parseNodes('5,0-1'), [5, 0, 1])
  t.strictSame(parseNodes('7-7'), [7])
  t.strictSame(parseNodes('1023'), [1023])
})

t.test('what is no list of nodes is an error of usage that says what is one', async (t) => {
  const listed = ['x', '0-', '3-1', '0,,1']
  const more = ['', ',', '0,', '-1', '0-1-2', '00', '01', '+1', '1.5', '0x1', '0 ', ' 0', '0, 1']
  for (const text of [...listed, ...more, '1024', '99999', 'ALL', 'all,0', '0\n', '0;1', '0–1'])
    t.throws(() => parseNodes(text), {
      code: 'E_USAGE',
      message: `'${text}' is not a list of nodes`,
      hint: 'nodes are written as 0, 0-3, 0-3,5 or all',
    })
})

t.test('a node that is named twice is an error of usage', async (t) => {
  t.throws(() => parseNodes('0,0'), { code: 'E_USAGE', message: "'0,0' names node 0 twice" })
  t.throws(() => parseNodes('0-3,2'), { code: 'E_USAGE', message: "'0-3,2' names node 2 twice" })
})

t.test('one node', async (t) => {
  t.equal(parseNode('12'), 12)
  for (const text of ['', 'x', '-1', '0-1', '00', '1024', 'all', '1 '])
    t.throws(() => parseNode(text), { code: 'E_USAGE', message: `'${text}' is not a node` })
})

t.test('lists as the kernel writes them', async (t) => {
  t.strictSame(parseNodeList('0-2,4\n'), [0, 1, 2, 4])
  t.strictSame(parseNodeList('\n'), [], 'an empty line is no node')
  t.strictSame(parseNodeList(''), [])
  for (const text of ['x', '0-', '2-1', '0,,1', '(null)', '0-2:1/2'])
    t.equal(parseNodeList(text), undefined, text)
  const many = (length: number) => parseNodeList(Array.from({ length }, () => '7').join(','))
  t.equal(many(1024)?.length, 1024)
  t.equal(many(1025), undefined, 'more than there can be')
})

t.test('ids are written as the kernel does', async (t) => {
  t.equal(formatNodes([]), '')
  t.equal(formatNodes([5, 3, 0, 1, 2]), '0-3,5')
  t.equal(formatNodes([0, 1]), '0-1')
  t.equal(formatNodes([0, 2, 4]), '0,2,4')
})

t.test('nodes in a sentence', async (t) => {
  t.strictSame([[3], [0, 1], []].map(namedNodes), ['node 3', 'nodes 0-1', 'nodes '])
})

t.test('what is written is read back, in order', async () => {
  const sorted = (nodes: readonly number[]) => [...nodes].sort((a, b) => a - b)
  fc.assert(
    fc.property(ids, (nodes) => {
      return JSON.stringify(parseNodes(formatNodes(nodes))) === JSON.stringify(sorted(nodes))
    }),
  )
})

t.test('any text is refused or means nodes that can be written again', async () => {
  const near = fc.stringMatching(/^[0-9,-]{0,10}$/)
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      try {
        const nodes = parseNodes(text)
        if (nodes === 'all') return text === 'all'
        const again = parseNodes(formatNodes(nodes))
        return again.length === nodes.length && nodes.every((node) => again.includes(node as never))
      } catch (error) {
        return error instanceof HugepoolError && error.code === 'E_USAGE'
      }
    }),
    { numRuns: 500 },
  )
})
