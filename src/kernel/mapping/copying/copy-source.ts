import { type BigIntStats, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { refused, usage } from '../../../errors.ts'
import { quotedCommand, shellWord } from '../../../model/etc/shell-word.ts'
import { remainderWords, standardStream } from '../../../model/mapping/copying/copy-request.ts'
import type { DataRange } from '../../../model/mapping/copying/data-range.ts'
import type { Bytes } from '../../../model/words/bytes.ts'
import { errnoOf, explain } from '../../errno.ts'
import { absolutePath } from '../../mounts/mount-point.ts'
import type { Native } from '../../native/native.ts'
import { fileMeanings } from '../../path-meanings.ts'
import { release } from '../../release-descriptor.ts'

/** A file that is copied, or standard input. */
export interface CopySource {
  readonly descriptor: number
  /** The absolute path, or `-`. */
  readonly path: string
  /** What stat(2) said when it was opened; absent for standard input. */
  readonly stat?: BigIntStats
  close(): void
}

const strangeSource = {
  ...fileMeanings,
  EACCES: { code: 'E_PERMISSION', reason: 'no-permission', words: 'permission denied' },
} as const

const throughStream = (path: string): string =>
  `${quotedCommand(`hugepool cp - TARGET < ${shellWord(path)}`)} copies what comes from it`

/**
 * Throws E_USAGE for what is no regular file. It is called before the file is opened, because
 * opening has an effect on some devices and waits for a writer of a FIFO.
 */
const checkIsFile = (stat: BigIntStats, path: string): void => {
  if (stat.isDirectory())
    throw usage(`${path}: is a directory`, 'cp copies one file at a time', 'wrong-file')
  if (!stat.isFile()) throw usage(`${path}: is no regular file`, throughStream(path), 'wrong-file')
}

/** Throws E_USAGE for a file that has a length of 0 and yet data, as files of /proc have. */
const checkHasLength = (descriptor: number, stat: BigIntStats, path: string): void => {
  if (stat.size > 0n || readSync(descriptor, Buffer.alloc(1), 0, 1, 0) === 0) return
  throw usage(`${path}: does not say how long it is`, throughStream(path), 'wrong-file')
}

/** Opens what is copied. Throws E_USAGE for what is neither `-` nor a regular file. */
export const openCopySource = (typed: string): CopySource => {
  if (typed === standardStream) return { descriptor: 0, path: typed, close: () => {} }
  const path = absolutePath(typed)
  try {
    checkIsFile(statSync(path, { bigint: true }), typed)
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(descriptor, { bigint: true })
      checkIsFile(stat, typed)
      checkHasLength(descriptor, stat, typed)
      return { descriptor, path, stat, close: () => release(descriptor) }
    } catch (error) {
      release(descriptor)
      throw error
    }
  } catch (error) {
    throw explain(error, typed, strangeSource)
  }
}

/** SEEK_DATA and SEEK_HOLE of include/uapi/linux/fs.h. */
const seekData = 3
const seekHole = 4

/** Returns the offset of the next data from an offset on; undefined where only a hole follows. */
const nextData = (native: Native, descriptor: number, from: number): number | undefined => {
  try {
    return native.seek(descriptor, from, seekData)
  } catch (error) {
    if (errnoOf(error) === 'ENXIO') return undefined
    throw error
  }
}

/**
 * Reads where a file has data. A file system without holes shows one range, and so does hugetlbfs,
 * which has holes but does not show them.
 */
export const readDataRanges = (
  native: Native,
  { descriptor, path }: CopySource,
  bytes: Bytes,
): readonly DataRange[] => {
  const end = Number(bytes)
  const ranges: DataRange[] = []
  try {
    for (let at = 0; at < end; ) {
      const from = nextData(native, descriptor, at)
      if (from === undefined || from >= end) break
      const to = Math.min(native.seek(descriptor, from, seekHole), end)
      ranges.push({ from: BigInt(from), to: BigInt(to) })
      at = to
    }
    return ranges
  } catch (error) {
    throw explain(error, path)
  }
}

/**
 * Throws E_REFUSED where a file was written to, lengthened or cut since it was opened, because the
 * copy may be partly old and partly new. Stores to mapped pages of the file do not show.
 */
export const checkUnchanged = ({ descriptor, path, stat }: CopySource, target: string): void => {
  if (stat === undefined) return
  const now = fstatSync(descriptor, { bigint: true })
  if (now.size === stat.size && now.mtimeNs === stat.mtimeNs) return
  const how =
    now.size < stat.size ? 'became shorter' : now.size > stat.size ? 'grew' : 'was written to'
  throw refused(
    'changed',
    `${path}: ${how} while it was copied; ${remainderWords(target)}`,
    'copy it when nobody writes to it',
  )
}
