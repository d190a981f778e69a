import t from 'tap'
import {
  parseBuddyinfo,
  readLargestBlock,
  readShortage,
} from '../../../src/kernel/pools/buddyinfo.ts'
import type { Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { treeNames, treeOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

t.test('the zones of a node add up', async (t) => {
  const text = `Node 0, zone      DMA      1      0      0      2
Node 0, zone   Normal      4     10      0      3
Node 10, zone  Normal      0      0      1      0
`
  t.strictSame(
    parseBuddyinfo(text),
    new Map([
      [0, [5n, 10n, 0n, 5n]],
      [10, [0n, 0n, 1n, 0n]],
    ]),
  )
})

t.test('garbage is no node', async (t) => {
  for (const text of ['', 'x', 'Node 0, zone', 'Node x, zone DMA 1 2', 'Node 0, zone DMA a b'])
    t.equal(parseBuddyinfo(text).size, 0, text)
})

t.test('every recorded machine has as many orders as its kernel', async (t) => {
  const orders = Object.fromEntries(
    treeNames.map((name) => {
      const nodes = [...parseBuddyinfo(treeOf(name).read('/proc/buddyinfo')).values()]
      return [name, [...new Set(nodes.map((counts) => counts.length))]]
    }),
  )
  t.match(orders, { 'one-node': [11], gaps: [11], 'arm64-4k': [11], 'arm64-64k': [14], ppc64: [9] })
  for (const [name, counts] of Object.entries(orders)) t.equal(counts.length, 1, name)
})

const withFiles = (files: Readonly<Record<string, string>>, name = 'two-nodes'): Tree => {
  const tree = treeOf(name)
  return { ...tree, read: (path) => (path in files ? octets(files[path] ?? '') : tree.read(path)) }
}

const blocks = `Node 0, zone Normal 0 0 0 0 0 0 0 0 0 3 2
Node 1, zone Normal 9 9 9 9 9 9 9 9 9 0 0
`
const measured = { '/proc/buddyinfo': blocks }
const x86 = { largestBlock: 4n * M }

t.test('pages lie ready in blocks of their order and of all larger ones', async (t) => {
  const shortages = readShortage(withFiles(measured), x86, 2n * M)
  t.match(shortages, [
    { node: 0, gigantic: false, ready: 7n },
    { node: 1, gigantic: false, ready: 0n },
  ])
  t.match(readShortage(withFiles(measured), x86, 4n * M), [{ ready: 2n }, { ready: 0n }])
  t.hasStrict(readShortage(withFiles(measured), x86, 64n * 1024n, [1]), [
    { node: 1, ready: 9n * 31n },
  ])
})

t.test('a page larger than the largest block is gigantic', async (t) => {
  const [shortage] = readShortage(withFiles(measured), x86, 8n * M)
  t.match(shortage, { gigantic: true })
  t.notOk(shortage && 'ready' in shortage)
})

t.test('free memory is that of the node', async (t) => {
  t.hasStrict(readShortage(withFiles(measured), x86, 2n * M), [
    { free: 2629312n * 1024n },
    { free: 1638080n * 1024n },
  ])
})

t.test('only the nodes that were asked for', async (t) => {
  t.strictSame(
    readShortage(withFiles(measured), x86, 2n * M, [1]).map(({ node }) => node),
    [1],
  )
  t.strictSame(readShortage(withFiles(measured), x86, 2n * M, [7]), [])
})

t.test('the largest block has the order of the last column of buddyinfo', async (t) => {
  t.equal(readLargestBlock(withFiles(measured), [2n * M]), 4n * M)
  const none = withFiles({ '/proc/buddyinfo': '' })
  t.equal(readLargestBlock(none, [2n * M]), 4n * M)
  t.equal(readLargestBlock(none, [2n * M, 512n * M]), 512n * M, 'arm64 with pages of 64K')
})

t.test('many blanks take no longer than their number says', async (t) => {
  t.equal(parseBuddyinfo(`Node 0, zone DMA${' '.repeat(400_000)}x`).size, 0)
})
