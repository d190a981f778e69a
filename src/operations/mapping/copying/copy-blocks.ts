import { refused } from '../../../errors.ts'
import { explain } from '../../../kernel/errno.ts'
import { readBlock } from '../../../kernel/mapping/copying/block-transfers.ts'
import { checkUnchanged } from '../../../kernel/mapping/copying/copy-source.ts'
import { remainderWords, sourceName } from '../../../model/mapping/copying/copy-request.ts'
import { bytesIn } from '../../../model/mapping/copying/data-range.ts'
import type { Bytes } from '../../../model/words/bytes.ts'
import { formatSize } from '../../../model/words/page-size.ts'
import { present } from '../../../model/words/present.ts'
import type { CopySink } from './page-sink.ts'
import { type RunningCopy, unlessStopped } from './running-copy.ts'

/**
 * The number of bytes that are read at once. It is a multiple of all page sizes below it, so that
 * blocks do not share pages, and small enough that a signal does not wait long for a block.
 */
export const copyBlock = 2 ** 23

/**
 * Reads a part of the source. Returns the number of bytes, which is smaller than asked for only
 * where the source ends. Throws E_KERNEL where a signal asks to stop.
 */
export const readSource = async (
  copy: RunningCopy,
  data: Uint8Array,
  position: number | null,
): Promise<number> => {
  const { source } = copy
  try {
    return await unlessStopped(copy, readBlock(source.descriptor, data, position))
  } catch (error) {
    throw explain(error, sourceName(source.path), {
      EIO: { code: 'E_KERNEL', reason: 'damaged', words: 'cannot be read (EIO)' },
      EISDIR: { code: 'E_USAGE', reason: 'wrong-file', words: 'is a directory' },
    })
  }
}

/**
 * Puts a block. Where zeros become holes, pieces of a page's length that are all zeros are left
 * out.
 */
const putBlock = async (
  { plan }: RunningCopy,
  sink: CopySink,
  position: number,
  data: Buffer,
): Promise<void> => {
  if (!plan.skipsZeros) return sink.put(position, data)
  const piece = Math.min(Number(plan.pageSize), copyBlock)
  const zeros = Buffer.alloc(piece)
  for (let from = 0; from < data.length; from += piece) {
    const part = data.subarray(from, from + piece)
    if (!part.equals(zeros.subarray(0, part.length))) await sink.put(position + from, part)
  }
}

const progressOf = ({ ports, plan }: RunningCopy) => {
  const { pageSize, ranges } = plan
  const wanted = ranges && (bytesIn(ranges) + pageSize - 1n) / pageSize
  return (done: Bytes): void =>
    ports.progress(
      present({
        label: `${formatSize(pageSize)}: copied`,
        obtained: done / pageSize,
        requested: wanted,
      }),
    )
}

const endedEarly = ({ source, plan: { target } }: RunningCopy): Error => {
  checkUnchanged(source, target)
  const words = `${source.path}: ended before its length; ${remainderWords(target)}`
  return refused('changed', words)
}

/** Is called with each block after it was put. */
export type AfterBlock = (position: number, data: Buffer) => Promise<void>

/** Copies the data of a file, range by range. Returns the number of bytes read. */
export const copyRanges = async (copy: RunningCopy, sink: CopySink): Promise<Bytes> => {
  const buffer = Buffer.allocUnsafe(copyBlock)
  const show = progressOf(copy)
  let done = 0n
  for (const { from, to } of copy.plan.ranges ?? [])
    for (let at = Number(from); at < to; ) {
      const end = Math.min(Number(to), at - (at % copyBlock) + copyBlock)
      const data = buffer.subarray(0, end - at)
      if ((await readSource(copy, data, at)) < data.length) throw endedEarly(copy)
      await putBlock(copy, sink, at, data)
      done += BigInt(data.length)
      show(done)
      at = end
    }
  return done
}

/** Copies a stream to its end. Returns its length. */
export const copyStream = async (
  copy: RunningCopy,
  sink: CopySink,
  after: AfterBlock,
): Promise<Bytes> => {
  const buffer = Buffer.allocUnsafe(copyBlock)
  const show = progressOf(copy)
  for (let at = 0; ; ) {
    const length = await readSource(copy, buffer, null)
    const data = buffer.subarray(0, length)
    if (length > 0) {
      await sink.put(at, data)
      await after(at, data)
    }
    at += length
    show(BigInt(at))
    if (length < copyBlock) return BigInt(at)
  }
}
