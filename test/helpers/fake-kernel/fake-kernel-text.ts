import { nodeList, unsigned } from './fake-kernel-numbers.ts'
import { type KernelState, type NodeState, sum } from './fake-kernel-state.ts'

const kilobytes = (name: string, bytes: bigint): string =>
  `${`${name}:`.padEnd(16)}${`${bytes / 1024n}`.padStart(8)} kB\n`

const pages = (name: string, count: bigint): string =>
  `${`${name}:`.padEnd(16)}${`${count}`.padStart(8)}\n`

const poolLines = (state: KernelState): string => {
  const pool = state.pools.find(({ size }) => size === state.defaultSize)
  if (pool === undefined) return ''
  const all = state.pools.reduce((bytes, one) => bytes + one.size * sum(one, 'total'), 0n)
  return [
    pages('HugePages_Total', sum(pool, 'total')),
    pages('HugePages_Free', sum(pool, 'free')),
    pages('HugePages_Rsvd', unsigned(pool.reserved)),
    pages('HugePages_Surp', sum(pool, 'surplus')),
    kilobytes('Hugepagesize', pool.size),
    kilobytes('Hugetlb', all),
  ].join('')
}

/** /proc/meminfo (fs/proc/meminfo.c). The fake has no page cache: free is available. */
export const meminfo = (state: KernelState): string => {
  const total = state.nodes.reduce((bytes, node) => bytes + node.memory, 0n)
  const free = state.nodes.reduce((bytes, node) => bytes + node.free, 0n)
  const memory = [
    kilobytes('MemTotal', total),
    kilobytes('MemFree', free),
    kilobytes('MemAvailable', free),
  ]
  return `${memory.join('')}${poolLines(state)}`
}

/** nodeN/meminfo (drivers/base/node.c): no reservations and no page size. */
export const nodeMeminfo = (state: KernelState, node: NodeState): string => {
  const pool = state.pools.find(({ size }) => size === state.defaultSize)
  const counts = pool?.nodes.get(node.id)
  const lines = [
    kilobytes('MemTotal', node.memory),
    kilobytes('MemFree', node.free),
    kilobytes('MemUsed', node.memory - node.free),
    kilobytes('Active(file)', 0n),
    kilobytes('Inactive(file)', 0n),
    kilobytes('KReclaimable', 0n),
  ]
  if (counts !== undefined)
    lines.push(
      pages('HugePages_Total', counts.total),
      pages('HugePages_Free', counts.free),
      pages('HugePages_Surp', counts.surplus),
    )
  return lines.map((line) => `Node ${node.id} ${line}`).join('')
}

/** MAX_PAGE_ORDER of x86 and its 11 columns. */
const largestOrder = 10

/** Whole memory in the largest blocks that hold it, fragmented memory in base pages. */
const blocksOf = (node: NodeState, basePage: bigint): readonly bigint[] => {
  let rest = (node.free - node.fragmented) / basePage
  const blocks: bigint[] = []
  for (let order = largestOrder; order > 0; order -= 1) {
    blocks.unshift(rest >> BigInt(order))
    rest -= (blocks[0] ?? 0n) << BigInt(order)
  }
  return [rest + node.fragmented / basePage, ...blocks]
}

/** /proc/buddyinfo (mm/vmstat.c, frag_show_print). */
export const buddyinfo = (state: KernelState): string =>
  state.nodes
    .filter((node) => node.hasMemory)
    .map((node) => {
      const words = blocksOf(node, state.basePage).map((count) => `${count}`.padStart(6))
      return `Node ${node.id}, zone   Normal ${words.join(' ')} \n`
    })
    .join('')

export const status = (state: KernelState): string =>
  `Name:\tfake\nPid:\t4242\nCpus_allowed_list:\t0-1\nMems_allowed_list:\t${nodeList(state.memsAllowed)}\n`

/** What the kernel tells a process at its start: pairs of words (fs/proc/base.c, proc_pid_auxv). */
export const auxv = (state: KernelState): string => {
  const words = [16n, 0xbfebfbffn, 6n, state.basePage, 0n, 0n]
  return Buffer.from(BigUint64Array.from(words).buffer).toString('latin1')
}
