import t from 'tap'
import {
  checkGivingNode,
  checkSize,
  pagesAsked,
  pagesOfEveryStart,
} from '../../../src/model/boot/asked-pages.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { refusalOf, requestOf, roomyMachine, targetOf } from '../../helpers/generated.ts'
import { G, M } from '../../helpers/sizes.ts'

const target = targetOf('6.18')
const asked = (words: string, of = target) => pagesAsked(of, requestOf(words).assignments)
const refused = (words: string, of = target) => refusalOf(() => asked(words, of))

t.test('what is asked, in one order and without what has no pages', async (t) => {
  t.strictSame(asked('2M=512 1G=1:1,0:2'), [
    {
      size: G,
      count: 3n,
      nodes: new Map([
        [0, 2n],
        [1, 1n],
      ]),
    },
    { size: 2n * M, count: 512n },
  ])
  t.strictSame([...(asked('1G=1:1,0:2')[0]?.nodes?.keys() ?? [])], [0, 1])
  t.strictSame(asked('2M=1G'), [{ size: 2n * M, count: 512n }])
  t.strictSame(asked('2M=0 1G=0:0,1:1'), [{ size: G, count: 1n, nodes: new Map([[1, 1n]]) }])
  t.strictSame(asked('2M=0:0 1G=0'), [])
  t.strictSame(asked('2M=4', targetOf('5.10')), [{ size: 2n * M, count: 4n }])
})

const certain = 'a count on the kernel command line is written as 512 or 8G'
const cannot = (words: string, why: string) =>
  `E_USAGE wrong-words: '${words}' cannot stand on a kernel command line: ${why} | ${certain}`

t.test('counts that are not the same at every start', async (t) => {
  const share = 'a share of the memory differs from one start to the next'
  const most = 'as many as there is room for differs from one start to the next'
  const relative = 'a start has no pages that a count could be relative to'
  t.equal(refused('2M=25%'), cannot('2M=25%', share))
  t.equal(refused('2M=0:4,1:max'), cannot('2M=0:4,1:max', most))
  t.equal(refused('2M=+4'), cannot('2M=+4', relative))
  t.equal(refused('2M=0:-1G'), cannot('2M=0:-1G', relative))
  t.equal(pagesOfEveryStart('x', parseCount('3G'), G), 3n)
  t.equal(
    refused('2M=5M'),
    'E_USAGE not-whole: 5M is not a whole number of 2M pages | the nearest amounts are 4M and 6M',
  )
})

t.test('pools that are named twice or not by their size', async (t) => {
  t.equal(
    refused('2M=4 1G=1 2048kB=5'),
    'E_USAGE wrong-words: the pool of 2M pages is named twice | name each pool once, with all its nodes, as in 2M=0:1,1:1',
  )
  t.equal(
    refused('default=4'),
    "E_USAGE wrong-words: 'default=4' names no page size: the line itself decides which one is the default | name the size, as in 2M=512",
  )
})

t.test('sizes that the processor lacks, all at once', async (t) => {
  t.equal(
    refused('4M=1 2M=3 64K=1'),
    'E_UNSUPPORTED no-size: there are no 4M pages here; there are no 64K pages here | this machine has 2M, 1G',
  )
  t.equal(
    refusalOf(() => checkSize(target, G)),
    'it is not refused',
  )
})

t.test('nodes that have no memory or are not there', async (t) => {
  const bare = targetOf('6.18', {
    ...roomyMachine,
    nodes: [...roomyMachine.nodes, { node: 3, memory: 0n }],
  })
  t.equal(
    refused('1G=3:1,0:1,7:2', bare),
    'E_UNSUPPORTED no-node: node 3 has no memory; there is no node 7 here | memory is on nodes 0-1',
  )
  t.equal(
    refusalOf(() => checkGivingNode(bare, 1)),
    'it is not refused',
  )
})

t.test('nodes on the line of a kernel that does not know them', async (t) => {
  const words =
    "Linux 5.15 takes no nodes on its command line: 5.16 is the first that does | 1G=3 leaves the nodes to the kernel, and 'hugepool apply' corrects them"
  t.equal(refused('1G=0:2,1:1', targetOf('5.15')), `E_UNSUPPORTED no-feature: ${words}`)
  t.equal(asked('1G=0:2,1:1', targetOf('5.16')).length, 1)
})
