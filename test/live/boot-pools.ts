import { bootSchema } from '../../src/output/schemas/boot-schema.ts'
import { listSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn } from './support/live.ts'
import {
  gigantic,
  meminfo,
  memoryNodes,
  persistentOf,
  poolPath,
  readNumber,
  smallest,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('the machine boot-pools')

const onNodes = (size: number) => memoryNodes.map((node) => persistentOf(size, node))

live('pools of each node from the kernel command line are listed', async (t) => {
  const { document } = await hugepoolJson(listSchema, 'list', '--per-node')
  const counts = document.pools.map(({ pageSize, total, free, surplus, nodes = [] }) => ({
    ...{ pageSize, total, free, surplus },
    nodes: nodes.map(({ node, persistent }) => [node, persistent]),
  }))
  t.strictSame(counts, [
    {
      ...{ pageSize: 2n ** 21n, total: 24n, free: 24n, surplus: 0n },
      nodes: [
        [0, 16n],
        [1, 8n],
      ],
    },
    {
      ...{ pageSize: 2n ** 30n, total: 2n, free: 2n, surplus: 0n },
      nodes: [
        [0, 1n],
        [1, 1n],
      ],
    },
  ])
})

live('what the line comes to is what there is, and every word is used', async (t) => {
  const { document } = await hugepoolJson(bootSchema, 'boot')
  const { predicted, found, words, notes } = document
  t.strictSame(predicted.pools, found?.pools)
  t.equal(predicted.default, found?.default)
  t.strictSame(
    words.map(({ word, result }) => [word, result]),
    [
      ['hugepagesz=1G', 'used'],
      ['hugepages=0:1,1:1', 'used'],
      ['hugepagesz=2M', 'used'],
      ['hugepages=0:16,1:8', 'used'],
      ['hugetlb_free_vmemmap=on', 'used'],
    ],
  )
  t.equal(notes, undefined)
})

/** The struct pages of a 2M page fill 32K; all but 4K of that is given back. */
const savedAPage = 7 * 4096

live('a resize adds to pools from the command line node after node', async (t) => {
  t.equal(readNumber('/proc/sys/vm/hugetlb_optimize_vmemmap'), 1)
  const before = meminfo('MemTotal')
  const { status, err } = await hugepool('resize', '2M=100')
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.strictSame(onNodes(smallest), [54, 46], '38 more on each')
  t.ok(meminfo('MemTotal') - before >= 76 * savedAPage, 'their vmemmap is optimised')
})

live('2M pages from the command line can be given back, and had again', async (t) => {
  t.equal((await hugepool('resize', '2M=1:0')).status, 0)
  t.strictSame(onNodes(smallest), [16, 0])
  t.equal((await hugepool('resize', '2M=24')).status, 0)
  t.equal(persistentOf(smallest), 24)
  t.equal((await hugepool('resize', '2M=0:16,1:8')).status, 0)
  t.strictSame(onNodes(smallest), [16, 8])
})

// Once split they do not come back here, so only what would be written is looked at.
live('1G pages from the command line would be split on each node', async (t) => {
  const { status, out } = await hugepool('demote', '1G=max', '--node', 'all', '--dry-run')
  t.equal(status, 0)
  const lines = memoryNodes.map((node) => `echo 1 > ${poolPath(gigantic ?? 0, 'demote', node)}\n`)
  t.equal(out, lines.join(''))
})
