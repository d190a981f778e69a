import { fsync, read, write } from 'node:fs'
import { errnoOf } from '../../errno.ts'

/** The place in a file, in bytes; null for a stream, which has only the next bytes. */
export type Position = number | null

type Transfer = (
  descriptor: number,
  data: Uint8Array,
  offset: number,
  length: number,
  position: Position,
  done: (error: Error | null, bytes: number) => void,
) => void

const once = (
  transfer: Transfer,
  descriptor: number,
  data: Uint8Array,
  position: Position,
): Promise<number> =>
  new Promise((resolve, reject) => {
    transfer(descriptor, data, 0, data.length, position, (error, bytes) => {
      if (error === null) resolve(bytes)
      else reject(error)
    })
  })

/** The time until a stream that is not ready is tried again, in milliseconds. */
const retryMilliseconds = 10

const transferred = async (...words: Parameters<typeof once>): Promise<number> => {
  for (;;)
    try {
      return await once(...words)
    } catch (error) {
      // A stream that somebody made non-blocking is tried again.
      if (errnoOf(error) !== 'EAGAIN') throw error
      await new Promise((resolve) => setTimeout(resolve, retryMilliseconds))
    }
}

/** Fills a buffer, or reads to the end. Returns the number of bytes read. */
export const readBlock = async (
  descriptor: number,
  data: Uint8Array,
  position: Position,
): Promise<number> => {
  let filled = 0
  while (filled < data.length) {
    const at = position === null ? null : position + filled
    const bytes = await transferred(read, descriptor, data.subarray(filled), at)
    if (bytes === 0) break
    filled += bytes
  }
  return filled
}

export const writeBlock = async (
  descriptor: number,
  data: Uint8Array,
  position: Position,
): Promise<void> => {
  for (let done = 0; done < data.length; ) {
    const at = position === null ? null : position + done
    done += await transferred(write, descriptor, data.subarray(done), at)
  }
}

/** Calls fsync(2). Writes that the file system has put off fail here at the latest. */
export const synchronize = (descriptor: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fsync(descriptor, (error) => (error === null ? resolve() : reject(error)))
  })
