import { objectionOf } from '../../../errors.ts'
import {
  type CopySource,
  openCopySource,
  readDataRanges,
} from '../../../kernel/mapping/copying/copy-source.ts'
import {
  type CopyTarget,
  checkMayCreate,
  checkOtherFile,
  findCopyTarget,
} from '../../../kernel/mapping/copying/copy-target.ts'
import type { Mapper } from '../../../kernel/mapping/mapper.ts'
import type { Native } from '../../../kernel/native/native.ts'
import { readMachine } from '../../../kernel/pools/read-machine.ts'
import {
  planCopy,
  type SourceFacts,
  type TargetFacts,
} from '../../../model/mapping/copying/copy-plan.ts'
import { type CopyRequest, standardStream } from '../../../model/mapping/copying/copy-request.ts'
import type { CopiedFile, PlannedCopy } from '../../../model/mapping/copying/copy-result.ts'
import { present } from '../../../model/words/present.ts'
import type { Ports } from '../../ports.ts'
import { carryOutCopy } from './carry-out-copy.ts'
import { checkRoomFor } from './copy-shortage.ts'

/** What a copy is made with: the kernel's calls and both ends, which are open. */
interface OpenEnds {
  readonly native: Native
  readonly mapper: Mapper
  readonly source: CopySource
  readonly target?: CopyTarget
}

const sourceFacts = ({ native, mapper, source }: OpenEnds): SourceFacts => {
  const { descriptor, path, stat } = source
  if (stat === undefined) return { path }
  const pageSize = mapper.pageSizeOf(descriptor)
  const bytes = stat.size
  const ranges = pageSize === undefined ? readDataRanges(native, source, bytes) : undefined
  return present({ path, bytes, held: mapper.heldBytes(descriptor), ranges, pageSize })
}

const targetFacts = ({ mapper, target }: OpenEnds): TargetFacts =>
  target === undefined
    ? { path: standardStream, exists: false }
    : present({
        path: target.path,
        pageSize: mapper.pageSizeOf(target.descriptor),
        exists: target.stat !== undefined,
      })

const copyBetween = async (
  ports: Ports,
  request: CopyRequest,
  ends: OpenEnds,
): Promise<CopiedFile | PlannedCopy> => {
  const { tree } = ports
  const plan = planCopy(readMachine(tree), request, sourceFacts(ends), targetFacts(ends))
  const [denied] = objectionOf(() => ends.target && checkMayCreate(ends.target.directory))
  if (denied !== undefined && !request.dryRun) throw denied
  await checkRoomFor({ ports, plan, ...ends })
  if (request.dryRun) return present({ kind: 'dry-run', plan, denied })
  const signals = ports.watchSignals()
  return carryOutCopy({ ports, request, plan, signals, ...ends })
}

/**
 * Copies a file onto hugetlbfs or from it. All that can be known is checked before anything is
 * made. Throws where the copy is not whole, of which nothing is left then.
 */
export const copyFile = async (
  ports: Ports,
  request: CopyRequest,
): Promise<CopiedFile | PlannedCopy> => {
  const native = ports.native()
  const mapper = await ports.mapper()
  const source = openCopySource(request.source)
  const close: (() => void)[] = [source.close]
  try {
    const target =
      request.target === standardStream ? undefined : findCopyTarget(request.target, source.path)
    if (target !== undefined) {
      close.push(() => mapper.close(target.descriptor))
      checkOtherFile(source, target)
    }
    return await copyBetween(ports, request, present({ native, mapper, source, target }))
  } finally {
    for (const each of close) each()
  }
}
