import { HugepoolError } from '../../../errors.ts'
import { readNodeIds } from '../../../kernel/pools/nodes.ts'
import { readPool } from '../../../kernel/pools/pools.ts'
import { hintText } from '../../../model/etc/hint-text.ts'
import { roomObstacle } from '../../../model/mapping/copying/copy-room.ts'
import type { FaultFacts, Reason } from '../../../model/mapping/reasons/fault-facts.ts'
import { faultReason } from '../../../model/mapping/reasons/fault-reason.ts'
import { refusalReason } from '../../../model/mapping/reasons/refusal-reason.ts'
import type { Pages } from '../../../model/words/count.ts'
import { formatSize } from '../../../model/words/page-size.ts'
import { plural } from '../../../model/words/plural.ts'
import { present } from '../../../model/words/present.ts'
import { gatherFaultFacts } from '../gather-fault-facts.ts'
import { withHolders } from '../holders-advice.ts'
import type { RunningCopy } from './running-copy.ts'

type Copying = Pick<RunningCopy, 'ports' | 'mapper' | 'plan' | 'target'>

const factsFor = ({ ports, mapper, plan, target }: Copying, wanted: Pages): FaultFacts => {
  const { tree } = ports
  const around = {
    ports,
    mapper,
    plan: { size: plan.pageSize, noreserve: false, sharing: 'shared' },
    log: { look: () => readPool(tree, plan.pageSize, readNodeIds(tree)) },
  } as const
  const source = present({
    kind: 'file' as const,
    descriptor: target?.descriptor,
    path: target?.directory,
    isFile: true,
    close: () => {},
  })
  const refused = { part: present({ policy: plan.policy }), source, wanted }
  return gatherFaultFacts(around, refused)
}

const shortOf = async (
  copy: Copying,
  facts: FaultFacts,
  reason: Reason,
  what: string,
): Promise<HugepoolError> => {
  const { why, advice, ...rest } = await withHolders(copy.ports, facts, false, reason)
  const hints = hintText([...new Set(advice)])
  return new HugepoolError('E_REFUSED', rest.reason, `${copy.plan.target}: ${what}: ${why}`, hints)
}

const neededWords = ({ plan }: Copying, pages: Pages): string =>
  `needs ${plural(pages, 'page')} of ${formatSize(plan.pageSize)}`

/** Throws E_REFUSED where the pages that a copy needs are known and cannot be had. */
export const checkRoomFor = async (copy: Copying): Promise<void> => {
  const { plan } = copy
  if (!plan.onto || plan.pages === undefined || plan.pages === 0n) return
  const facts = factsFor(copy, plan.pages)
  const obstacle = roomObstacle(facts)
  if (obstacle !== undefined)
    throw await shortOf(copy, facts, obstacle, neededWords(copy, plan.pages))
}

/** Makes the error for a mapping of pages that the kernel refused with ENOMEM. */
export const refusedMapping = (copy: Copying, pages: Pages): Promise<HugepoolError> => {
  const facts = factsFor(copy, pages)
  return shortOf(copy, facts, refusalReason(facts), `${neededWords(copy, pages)} now (ENOMEM)`)
}

/** Makes the error for a page that the kernel did not give although it was reserved. */
export const refusedPage = (copy: Copying, page: Pages, errno: string): Promise<HugepoolError> => {
  const facts = factsFor(copy, 1n)
  const met = errno === 'EFAULT' ? 'SIGBUS' : errno
  return shortOf(copy, facts, faultReason(met, facts), `page ${page}: ${met}`)
}
