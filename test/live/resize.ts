import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  meminfo,
  memorylessNodes,
  memoryNodes,
  persistentOf,
  poolPath,
  readNumber,
  setPool,
  sizeName,
  smallest,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('room')

const name = sizeName(smallest)
const amount = (pages: number) => `${(pages * smallest) / 1024}K`

live('absolute, relative and memory counts set what they say', async (t) => {
  setPool(smallest, 0)
  const steps = [
    { count: '12', pages: 12 },
    { count: '+8', pages: 20 },
    { count: '-5', pages: 15 },
    { count: amount(10), pages: 10 },
    { count: `+${amount(3)}`, pages: 13 },
    { count: `-${amount(13)}`, pages: 0 },
  ]
  for (const { count, pages } of steps) {
    const { status, err } = await hugepool('resize', `${name}=${count}`)
    t.strictSame({ status, err }, { status: 0, err: '' }, `${name}=${count} is done`)
    const counts = { total: pages, free: pages, reserved: 0, surplus: 0 }
    t.strictSame(countsOf(smallest), counts, `${name}=${count} leaves ${pages} pages`)
  }
})

live('default and set are other words for the same', async (t) => {
  const size = meminfo('Hugepagesize')
  setPool(size, 0)
  const pages = size >= 2 ** 30 ? 1 : 4
  t.equal((await hugepool('set', `default=${pages}`)).status, 0, 'is done')
  t.equal(persistentOf(size), pages, 'the default size has the pages')
})

live('a percentage is a share of all memory, in whole pages', async (t) => {
  setPool(smallest, 0)
  const pages = Math.floor(Math.floor(meminfo('MemTotal') / 100) / smallest)
  t.equal((await hugepool('resize', `${name}=1%`)).status, 0, 'is done')
  t.equal(persistentOf(smallest), pages, 'one percent of MemTotal')
})

live('max is as many pages as the memory to leave allows', async (t) => {
  setPool(smallest, 0)
  const planned = async (...words: string[]) => {
    const { out } = await hugepool('resize', `${name}=max`, '--dry-run', ...words)
    const writes = [...out.matchAll(/^echo (\d+) > (\S+)$/gm)]
    // Nodes that cannot give equal parts are written one by one.
    const places = [undefined, ...memoryNodes].map((node) =>
      poolPath(smallest, 'nr_hugepages', node),
    )
    t.ok(writes.every(([, , path = '']) => places.includes(path)))
    return writes.reduce((sum, [, value]) => sum + Number(value), 0) * smallest
  }
  const available = meminfo('MemAvailable')
  const usual = await planned()
  const half = await planned('--leave', `${Math.floor(available / 2048)}K`)
  t.ok(usual > available * 0.8 && usual < available, 'nearly all that is available')
  t.ok(half > available * 0.35 && half < available * 0.55, 'half of it, with the other half left')
  t.equal(persistentOf(smallest), 0, 'nothing was done')
})

live('more than the memory is refused before anything is written', async (t) => {
  setPool(smallest, 4)
  const pages = Math.ceil(meminfo('MemTotal') / smallest)
  const { status, err } = await hugepool('resize', `${name}=${pages}`)
  t.equal(status, 1, 'is refused')
  t.match(err, /would leave less than/, 'says why')
  t.match(err, new RegExp(`hint: the largest count that fits is ${name}=\\d+`), 'says what fits')
  t.equal(persistentOf(smallest), 4, 'nothing was done')
})

live('the node form sets single nodes', async (t) => {
  setPool(smallest, 0)
  const wanted = memoryNodes.map((node, index) => ({ node, pages: 3 + 2 * index }))
  const words = wanted.map(({ node, pages }) => `${node}:${pages}`).join(',')
  const { status } = await hugepool('resize', `${name}=${words}`)
  t.equal(status, 0, `${words} is done`)
  for (const { node, pages } of wanted)
    t.equal(persistentOf(smallest, node), pages, `node ${node} has ${pages}`)
})

live('--node sets the count on each node', async (t) => {
  setPool(smallest, 0)
  const each = await hugepool('resize', `${name}=5`, '--node', memoryNodes.join(','))
  t.equal(each.status, 0, 'is done')
  for (const node of memoryNodes) t.equal(persistentOf(smallest, node), 5, `node ${node} has 5`)
  if (memoryNodes.length > 1) t.match(each.err, /on each of nodes/, 'says that each node has them')
  const all = await hugepool('resize', `${name}=+2`, '--node', 'all')
  t.equal(all.status, 0, 'relative on all nodes is done')
  for (const node of memoryNodes) t.equal(persistentOf(smallest, node), 7, `node ${node} has 7`)
  const last = memoryNodes.at(-1)
  t.equal((await hugepool('resize', `${name}=-3`, '--node', `${last}`)).status, 0, 'shrinks one')
  t.equal(persistentOf(smallest), 7 * memoryNodes.length - 3, 'the other nodes keep theirs')
})

live('a node that is missing or has no memory is an error before any write', async (t) => {
  setPool(smallest, 2)
  for (const node of [...memorylessNodes, 1023]) {
    const { status, err } = await hugepool('resize', `${name}=5`, '--node', `${node}`)
    t.equal(status, 4, `node ${node} is unsupported`)
    t.match(err, new RegExp(`node ${node}\\b`), 'the node is named')
  }
  t.equal(persistentOf(smallest), 2, 'nothing was done')
})

live('one call changes pools of several sizes, or none where one word is wrong', async (t) => {
  setPool(smallest, 4)
  const wrong = await hugepool('resize', `${name}=9`, '3M=1')
  t.equal(wrong.status, 4, 'a size that does not exist is unsupported')
  const twice = await hugepool('resize', `${name}=9`, `${smallest}=8`)
  t.equal(twice.status, 2, 'a pool named twice is a usage error')
  const below = await hugepool('resize', `${name}=-5`)
  t.equal(below.status, 2, 'so are fewer pages than none')
  t.equal(readNumber(poolPath(smallest, 'nr_hugepages')), 4, 'nothing was done')
})

live('the document says before, requested, after and the pools afterwards', async (t) => {
  setPool(smallest, 3)
  const { status, document } = await hugepoolJson(changeSchema, 'resize', `${name}=+4`)
  t.equal(status, 0, 'is done')
  t.equal(document.outcome, 'done')
  const [change] = document.changes
  t.hasStrict(change, { pageSize: BigInt(smallest), attribute: 'persistent', outcome: 'done' })
  t.match(change, { before: 3n, requested: 7n, after: 7n, short: 0n })
  const pool = document.pools.find(({ pageSize }) => pageSize === BigInt(smallest))
  const { total, free, reserved, surplus } = countsOf(smallest)
  const counts = [total, free, reserved, surplus].map(BigInt)
  t.strictSame([pool?.total, pool?.free, pool?.reserved, pool?.surplus], counts, 'as in /sys')
  const onNodes = memoryNodes.map((node) => BigInt(persistentOf(smallest, node)))
  const told = pool?.nodes?.filter(({ node }) => memoryNodes.includes(node))
  if (told !== undefined)
    t.strictSame(
      told.map(({ persistent }) => persistent),
      onNodes,
    )
})
