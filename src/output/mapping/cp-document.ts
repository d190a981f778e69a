import type { CopyPlan } from '../../model/mapping/copying/copy-plan.ts'
import {
  type CopiedFile,
  holesOf,
  type PlannedCopy,
} from '../../model/mapping/copying/copy-result.ts'
import { unlessEmpty } from '../../model/words/present.ts'
import type { CopyDocument, PlannedCopyDocument } from '../schemas/documents.ts'

const endsOf = ({ source, target, pageSize }: CopyPlan) => ({ source, target, pageSize })

export const copyDocument = (copied: CopiedFile): CopyDocument => {
  const { plan, bytes, length, pages, placement, seconds, verified } = copied
  return {
    outcome: 'done',
    ...endsOf(plan),
    size: bytes,
    targetSize: length,
    pages,
    holes: holesOf(copied),
    placement: unlessEmpty(placement),
    // JavaScript writes fewer digits than microseconds need with an exponent.
    seconds: Math.round(seconds * 1e6) / 1e6,
    verified,
    replaced: plan.steps.includes('replace'),
  }
}

export const plannedCopyDocument = ({ plan }: PlannedCopy): PlannedCopyDocument => ({
  dryRun: true,
  ...endsOf(plan),
  size: plan.bytes,
  targetSize: plan.length,
  pages: plan.pages,
  steps: plan.steps,
})
