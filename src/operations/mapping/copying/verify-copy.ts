import { HugepoolError } from '../../../errors.ts'
import { readBlock } from '../../../kernel/mapping/copying/block-transfers.ts'
import type { Bytes } from '../../../model/words/bytes.ts'
import { copyBlock, readSource } from './copy-blocks.ts'
import { type RunningCopy, stopAtSignal, unlessStopped } from './running-copy.ts'

const firstDifference = (one: Uint8Array, other: Uint8Array): number =>
  one.findIndex((byte, index) => byte !== other[index])

const checkSameBytes = (
  { plan }: RunningCopy,
  position: number,
  wanted: Buffer,
  found: Buffer,
): void => {
  if (found.equals(wanted)) return
  const at = position + Math.max(firstDifference(found, wanted), 0)
  throw new HugepoolError(
    'E_KERNEL',
    'damaged',
    `${plan.target}: differs from the source at byte ${at}; nothing was left behind`,
    'the memory, the disk or the source is not to be trusted',
  )
}

/** Reads a block back and compares it with what was put there. */
export const verifyBlock =
  (copy: RunningCopy, descriptor: number) =>
  async (position: number, data: Buffer): Promise<void> => {
    const found = Buffer.allocUnsafe(data.length)
    const length = await unlessStopped(copy, readBlock(descriptor, found, position))
    checkSameBytes(copy, position, data, found.subarray(0, length))
  }

/**
 * Reads the whole copy back and compares it with the source. Bytes beyond the end of the source
 * have to be zeros.
 */
export const verifyCopy = async (
  copy: RunningCopy,
  descriptor: number,
  length: Bytes,
): Promise<void> => {
  const wanted = Buffer.alloc(copyBlock)
  const verify = verifyBlock(copy, descriptor)
  for (let at = 0; at < length; at += copyBlock) {
    stopAtSignal(copy)
    const data = wanted.subarray(0, Math.min(copyBlock, Number(length) - at))
    data.fill(0, await readSource(copy, data, at))
    await verify(at, data)
  }
}
