import { errnoOf } from '../../../kernel/errno.ts'
import type { OwnMapping } from '../../../kernel/native/native-mapping.ts'
import type { DataRange } from '../../../model/mapping/copying/data-range.ts'
import { type NodePages, placedList } from '../../../model/mapping/frames.ts'
import { stuckSeconds } from '../../../model/mapping/touch-steps.ts'
import type { Pages } from '../../../model/words/count.ts'
import type { NodeId } from '../../../model/words/node-list.ts'
import { present } from '../../../model/words/present.ts'
import { explainCall } from '../call-errors.ts'
import { pageNodes } from '../mapped-pages.ts'
import { threadPolicy } from '../thread-policy.ts'
import { refusedMapping, refusedPage } from './copy-shortage.ts'
import { type RunningCopy, stopAtSignal, unlessStopped } from './running-copy.ts'

/** Takes what is copied, from the first byte to the last. */
export interface CopySink {
  put(position: number, data: Uint8Array): Promise<void>
  /** Gives back what it holds beside the file. May be called again. */
  close(): Promise<void>
  /** The nodes on which pages were placed. */
  readonly placement: () => readonly NodePages[]
}

/** A part of the file that is mapped; its ends are positions in the file, in bytes. */
interface FileWindow {
  readonly from: number
  readonly to: number
  readonly mapping: OwnMapping
}

/** Maps whole pages of the file, which reserves those that are not reserved yet. */
const mapPages = async (
  copy: RunningCopy,
  descriptor: number,
  from: number,
  to: number,
): Promise<OwnMapping> => {
  const { mapper, plan } = copy
  const { pageSize, policy } = plan
  const request = present({
    descriptor,
    offset: from,
    bytes: to - from,
    pageSize: Number(pageSize),
    shared: true,
    populate: false,
    noreserve: false,
    policy: policy && threadPolicy(policy),
  })
  try {
    return await unlessStopped(copy, mapper.map(request))
  } catch (error) {
    if (errnoOf(error) !== 'ENOMEM') throw explainCall(error, 'mmap')
    throw await refusedMapping(copy, BigInt(to - from) / pageSize)
  }
}

/**
 * Reserves pages, so that the kernel refuses at once what it cannot give. What a shared mapping
 * reserves stays with the file when it is unmapped (region_add in mm/hugetlb.c). Holes are not
 * mapped, for their reservations would stay as well.
 */
export const reservePages = async (
  copy: RunningCopy,
  descriptor: number,
  ranges: readonly DataRange[],
): Promise<void> => {
  for (const { from, to } of ranges)
    await (await mapPages(copy, descriptor, Number(from), Number(to))).unmap()
}

/**
 * Faults in the pages of a window on the right nodes, before anything is stored in them. A page
 * that the kernel refuses is an error here, and would be a SIGBUS in a store.
 */
const touchPages = async (copy: RunningCopy, { from, mapping }: FileWindow): Promise<void> => {
  const { mapper, plan } = copy
  const request = present({
    from: 0,
    to: mapping.pages,
    threads: 1,
    policy: plan.policy && threadPolicy(plan.policy),
    way: mapper.canPopulate() ? ('populate' as const) : ('store' as const),
    stuckSeconds,
  })
  const { failure } = await unlessStopped(copy, mapping.touch(request), () => mapping.stop())
  if (failure === undefined) return
  const page = BigInt(from) / plan.pageSize + BigInt(failure.page)
  throw await refusedPage(copy, page, failure.errno)
}

/** Counts the pages of a window by node, without those that an earlier window had too. */
const countPlaced = async (
  placed: Map<NodeId, Pages>,
  { mapping }: FileWindow,
  skipped: number,
): Promise<void> => {
  const nodes = (await pageNodes(mapping, BigInt(skipped), BigInt(mapping.pages))) ?? []
  for (const node of nodes) if (node !== undefined) placed.set(node, (placed.get(node) ?? 0n) + 1n)
}

/** Makes a sink that stores in mapped pages of a file on hugetlbfs, which write(2) cannot do. */
export const pageSink = (copy: RunningCopy, descriptor: number): CopySink => {
  const size = Number(copy.plan.pageSize)
  const placed = new Map<NodeId, Pages>()
  let window: FileWindow | undefined
  let counted = 0
  const close = async (): Promise<void> => {
    const last = window
    window = undefined
    await last?.mapping.unmap()
  }
  const open = async (from: number, to: number): Promise<FileWindow> => {
    await close()
    window = { from, to, mapping: await mapPages(copy, descriptor, from, to) }
    await touchPages(copy, window)
    await countPlaced(placed, window, Math.max(counted - from, 0) / size)
    counted = to
    return window
  }
  return {
    put: async (position, data) => {
      stopAtSignal(copy)
      const end = position + data.length
      const holds = window !== undefined && position >= window.from && end <= window.to
      const whole = Math.ceil(end / size) * size
      const at = holds && window ? window : await open(position - (position % size), whole)
      try {
        at.mapping.store(position - at.from, data)
      } catch (error) {
        const errno = errnoOf(error)
        if (errno === undefined) throw error
        throw await refusedPage(copy, BigInt(position) / copy.plan.pageSize, errno)
      }
    },
    close,
    placement: () => placedList(placed),
  }
}
