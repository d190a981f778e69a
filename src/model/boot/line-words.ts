import { formatBytes } from '../words/bytes.ts'
import type { NodeId } from '../words/node-list.ts'
import { formatSize } from '../words/page-size.ts'
import type { AskedLine } from './asked-line.ts'
import type { AskedPages } from './asked-pages.ts'

const onNodes = (nodes: ReadonlyMap<NodeId, bigint>, text: (amount: bigint) => string): string =>
  [...nodes].map(([node, amount]) => `${node}:${text(amount)}`).join(',')

/** Writes the value of `hugepages=` that asks for pages: `4` or `0:2,1:2`. */
export const countOnLine = ({ count, nodes }: Pick<AskedPages, 'count' | 'nodes'>): string =>
  nodes === undefined ? `${count}` : onNodes(nodes, String)

/**
 * Writes what is asked for as the words of a command line. Every kernel reads these as they are
 * meant: the default stands before all sizes, each size once with its count behind it, and no count
 * without its size.
 */
export const lineWords = ({
  defaultSize,
  pages,
  areas,
  freeVmemmap,
}: AskedLine): readonly string[] => [
  ...(defaultSize === undefined ? [] : [`default_hugepagesz=${formatSize(defaultSize)}`]),
  ...pages.flatMap((one) => [
    `hugepagesz=${formatSize(one.size)}`,
    `hugepages=${countOnLine(one)}`,
  ]),
  ...(areas === undefined
    ? []
    : [
        `hugetlb_cma=${areas.nodes === undefined ? formatBytes(areas.total) : onNodes(areas.nodes, formatBytes)}`,
      ]),
  ...(freeVmemmap === undefined ? [] : [`hugetlb_free_vmemmap=${freeVmemmap ? 'on' : 'off'}`]),
]
