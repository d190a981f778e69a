import { readFileSync } from 'node:fs'
import { listSchema } from '../../src/output/schema.ts'
import { liveOn } from './support/live.ts'
import { gigantic, memoryNodes, persistentOf, smallest } from './support/machine.ts'
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

live('a resize adds to pools from the command line node after node', async (t) => {
  const { status, err } = await hugepool('resize', '2M=100')
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.strictSame(onNodes(smallest), [54, 46], '38 more on each')
})

live('pages from the command line can be given back, and had again', async (t) => {
  t.equal((await hugepool('resize', '2M=1:0', '1G=0:0')).status, 0)
  t.strictSame(
    [onNodes(smallest), onNodes(gigantic ?? 0)],
    [
      [16, 0],
      [0, 1],
    ],
  )
  t.equal((await hugepool('resize', '2M=1:8', '1G=0:1')).status, 0)
  t.strictSame(
    [onNodes(smallest), onNodes(gigantic ?? 0)],
    [
      [16, 8],
      [1, 1],
    ],
  )
})

live('a page from the command line whose vmemmap is optimised is split into pages', async (t) => {
  t.equal(readFileSync('/proc/sys/vm/hugetlb_optimize_vmemmap', 'utf8'), '1\n')
  const { status, err } = await hugepool('demote', '1G=1:1')
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.strictSame(
    [onNodes(smallest), onNodes(gigantic ?? 0)],
    [
      [16, 8 + 512],
      [1, 0],
    ],
  )
})
