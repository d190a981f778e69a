import type { MappingReading, Movement, NodeMovement } from '../../model/mapping/mapping-reading.ts'
import type {
  MappingFailure,
  MappingResult,
  SharingProcess,
} from '../../model/mapping/mapping-result.ts'
import { bytesPerSecond, pagesPerSecond } from '../../model/mapping/touch-speed.ts'
import { unlessEmpty } from '../../model/words/present.ts'
import type {
  Document,
  MovedDocument,
  NodeMovedDocument,
  StepDocument,
} from '../schemas/documents.ts'

type TestDocument = Document<'test'>

const countedDocument = ({ total, free, surplus }: Movement): NodeMovedDocument => ({
  total,
  free,
  surplus,
})

const movementDocument = ({ total, free, reserved, surplus }: Movement): MovedDocument => ({
  total,
  free,
  reserved,
  surplus,
})

const nodeMovementDocument = ({ node, total, free, surplus, change }: NodeMovement) => ({
  node,
  total,
  free,
  surplus,
  change: change && countedDocument(change),
})

const readingDocument = ({
  kind,
  pages,
  pool,
  change,
  nodes,
  words,
}: MappingReading): StepDocument => ({
  step: kind,
  pages,
  total: pool.total,
  free: pool.free,
  reserved: pool.reserved,
  surplus: pool.surplus,
  change: change && movementDocument(change),
  nodes: nodes.length > 0 ? nodes.map(nodeMovementDocument) : undefined,
  what: words,
})

const processDocument = ({ pid, touched, verified }: SharingProcess) => ({
  pid,
  touched,
  verified,
})

/** Rounds to microseconds, so that JavaScript writes no exponent. */
const seconds = (number: number): number => Math.round(number * 1e6) / 1e6

const touchDocument = ({ plan, touching }: MappingResult): TestDocument['touch'] =>
  touching && {
    pages: touching.pages,
    populated: touching.populated,
    seconds: seconds(touching.seconds),
    threads: BigInt(touching.threads),
    pagesPerSecond: touching.isDevice ? undefined : pagesPerSecond(touching),
    bytesPerSecond: touching.isDevice ? undefined : bytesPerSecond(touching, plan.size),
  }

const framesDocument = ({ frames, runs }: MappingResult) => ({
  frames: frames?.map(({ page, address, frame, node }) => ({
    page,
    address: `0x${address.toString(16)}`,
    pfn: frame,
    node,
  })),
  runs: runs && BigInt(runs.length),
  contiguousRuns: runs?.map(({ page, pages }) => ({ page, pages })),
})

const failureDocument = ({ page, part, errno, reason, why }: MappingFailure) => ({
  page,
  node: part?.node,
  errno,
  reason,
  why,
})

export const testDocument = (result: MappingResult): TestDocument => {
  const { plan, outcome, readings, placed, verified, processes, failure, signal } = result
  const { advice, forked } = result
  return {
    outcome,
    pageSize: plan.size,
    pages: plan.pages,
    via: plan.via,
    sharing: plan.sharing,
    path: plan.path,
    user: plan.user,
    group: plan.group,
    cgroup: plan.cgroup,
    steps: readings.map(readingDocument),
    placement: placed.map(({ node, pages }) => ({ node, pages })),
    ...framesDocument(result),
    touch: touchDocument(result),
    fork: forked && { written: forked.written, copied: forked.copied },
    verified,
    signal,
    processes: processes.length > 0 ? processes.map(processDocument) : undefined,
    failure: failure && failureDocument(failure),
    advice: unlessEmpty(advice),
  }
}
