import t from 'tap'
import {
  countValue,
  limitText,
  memoryWord,
  ownerValue,
  pagesValue,
} from '../../../src/model/config/print-words.ts'
import type { Count } from '../../../src/model/words/count.ts'
import { G } from '../../helpers/sizes.ts'

const pages: Count = { kind: 'pages', sign: '', pages: 5n }
const memory: Count = { kind: 'memory', sign: '', bytes: 2n * G }

t.test('values as a file has them', async (t) => {
  t.strictSame([0n, 1n, 4097n, 2n * G].map(memoryWord), ['0B', '1B', '4097B', '2G'])
  t.strictSame([pages, memory].map(countValue), [5n, '2G'])
  t.strictSame(['0', '1000', 'a', 'a1'].map(ownerValue), [0n, 1000n, 'a', 'a1'])
  t.equal(limitText({ kind: 'percent', percent: 25n }), '25%')
  t.equal(limitText({ kind: 'memory', bytes: 512n, round: 'up' }), '512B')
  const nodes = [
    { node: 0, count: pages },
    { node: 2, count: memory },
  ]
  t.strictSame(
    [
      pagesValue({ counts: pages, atLeast: false }),
      pagesValue({ counts: pages, atLeast: true }),
      pagesValue({ counts: memory, atLeast: false }),
      pagesValue({ counts: nodes, atLeast: false }),
      pagesValue({ counts: nodes, atLeast: true }),
    ],
    [5n, '>=5', '2G', '0:5,2:2G', '>=0:5,2:2G'],
  )
})

t.test('what no configuration has is a fault of the program', async (t) => {
  t.throws(() => countValue({ kind: 'max' }), { message: 'a configuration has no max' })
  t.throws(() => countValue({ kind: 'percent', percent: 1n }), {
    message: 'a configuration has no percent',
  })
})
