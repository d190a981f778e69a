import { refused } from '../../../errors.ts'
import { errnoOf } from '../../../kernel/errno.ts'
import { synchronize } from '../../../kernel/mapping/copying/block-transfers.ts'
import { checkUnchanged } from '../../../kernel/mapping/copying/copy-source.ts'
import { type CopyTarget, reachOf } from '../../../kernel/mapping/copying/copy-target.ts'
import {
  discardNewFile,
  giveName,
  keepModeAndTimes,
  makeNewFile,
  type NewFile,
  rightsOf,
  setLength,
} from '../../../kernel/mapping/copying/new-file.ts'
import {
  explainHugeFile,
  explainNewFile,
  explainStream,
} from '../../../kernel/mapping/copying/new-file-errors.ts'
import type { CopyPlan } from '../../../model/mapping/copying/copy-plan.ts'
import type { CopiedFile } from '../../../model/mapping/copying/copy-result.ts'
import { type Bytes, roundedUp } from '../../../model/words/bytes.ts'
import { byteSink } from './byte-sink.ts'
import { copyRanges, copyStream } from './copy-blocks.ts'
import { type CopySink, pageSink, reservePages } from './page-sink.ts'
import { type RunningCopy, stopAtSignal, unlessStopped } from './running-copy.ts'
import { verifyBlock, verifyCopy } from './verify-copy.ts'

/** The mode of a file whose source has none, before the umask. */
const usualMode = 0o666

const orExplained = <T>({ onto, target }: CopyPlan, make: () => T): T => {
  try {
    return make()
  } catch (error) {
    throw (onto ? explainHugeFile : explainNewFile)(error, target)
  }
}

const newFileFor = ({ source, plan, mapper }: RunningCopy, directory: string): NewFile => {
  const mode = source.stat === undefined ? usualMode : rightsOf(source.stat)
  const file = orExplained(plan, () => makeNewFile(directory, mode))
  const found = mapper.pageSizeOf(file.descriptor)
  if (found === (plan.onto ? plan.pageSize : undefined)) return file
  discardNewFile(file)
  throw refused('changed', 'another file system was mounted there just now', 'try again')
}

/** Copies the data and returns the number of bytes that the source has. */
const fill = async (copy: RunningCopy, file: NewFile, sink: CopySink): Promise<Bytes> => {
  const { plan, request } = copy
  const { descriptor } = file
  const { bytes, length } = plan
  if (bytes === undefined || length === undefined) {
    const verify = request.verify ? verifyBlock(copy, descriptor) : async () => {}
    const copied = await copyStream(copy, sink, verify)
    setLength(file, plan.onto ? roundedUp(copied, plan.pageSize) : copied)
    return copied
  }
  setLength(file, length)
  await reservePages(copy, descriptor, plan.reserved ?? [])
  await copyRanges(copy, sink)
  return bytes
}

/**
 * Fills a new file, and checks that the source has not changed and, where asked, that both agree.
 */
const fillAndCheck = async (copy: RunningCopy, file: NewFile): Promise<CopiedFile> => {
  const { ports, plan, request, source, mapper } = copy
  const { descriptor } = file
  const started = ports.clock()
  const sink = plan.onto ? pageSink(copy, descriptor) : byteSink(copy, descriptor)
  try {
    const bytes = await fill(copy, file, sink)
    await sink.close()
    await unlessStopped(copy, synchronize(descriptor))
    const length = mapper.fileBytes(descriptor)
    if (request.verify && plan.bytes !== undefined) await verifyCopy(copy, descriptor, length)
    checkUnchanged(source, plan.target)
    return {
      kind: 'copied',
      plan,
      bytes,
      length,
      pages: mapper.heldBytes(plan.onto ? descriptor : source.descriptor) / plan.pageSize,
      placement: sink.placement(),
      seconds: (ports.clock() - started) / 1000,
      verified: request.verify,
    }
  } finally {
    await sink.close()
  }
}

const toFile = async (copy: RunningCopy, target: CopyTarget): Promise<CopiedFile> => {
  const { native, plan, request, source } = copy
  try {
    const reach = reachOf(target)
    const file = newFileFor(copy, reach.directory)
    try {
      const copied = await fillAndCheck(copy, file)
      if (request.preserve && source.stat) keepModeAndTimes(native, file, source.stat)
      stopAtSignal(copy)
      giveName(native, file, { ...reach, replaces: target.stat !== undefined })
      return copied
    } finally {
      discardNewFile(file)
    }
  } catch (error) {
    throw explainNewFile(error, plan.target)
  }
}

const standardOutput = 1

/** Copies to standard output. A reader that has enough closes the pipe, which is no error. */
const toStream = async (copy: RunningCopy): Promise<CopiedFile> => {
  const { ports, plan, source, mapper } = copy
  const started = ports.clock()
  try {
    await copyRanges(copy, byteSink(copy, standardOutput))
    checkUnchanged(source, plan.target)
  } catch (error) {
    if (errnoOf(error) !== 'EPIPE') throw explainStream(error)
  }
  const bytes = plan.bytes ?? 0n
  return {
    kind: 'copied',
    plan,
    bytes,
    length: bytes,
    pages: mapper.heldBytes(source.descriptor) / plan.pageSize,
    placement: [],
    seconds: (ports.clock() - started) / 1000,
    verified: false,
  }
}

/** Carries out a plan. At the end the target is whole and has its name, or is not there at all. */
export const carryOutCopy = (copy: RunningCopy): Promise<CopiedFile> =>
  copy.target === undefined ? toStream(copy) : toFile(copy, copy.target)
