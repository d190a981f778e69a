import { closeSync, openSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { copySparse } from './disk.ts'

/**
 * What a machine wrote to its disk, and when it had that flushed, as QEMU's blklogwrites keeps it: what a disk
 * holds after a failure of power at any moment can be made of it, without another boot.
 */
export const loggedDrive = (disk: string, log: string): readonly string[] => {
  writeFileSync(log, '')
  const file = (name: string, path: string) =>
    `${name}.driver=file,${name}.filename=${path},${name}.cache.no-flush=on`
  const files = `${file('file', disk)},${file('log', log)}`
  return ['-blockdev', `node-name=disk,driver=blklogwrites,${files}`]
}

/**
 * A word of the kernel's command line: one request at a time. Which writes came before a flush is certain
 * then, and QEMU before 9.2 loses its place in the log when it zeroes blocks while it writes others.
 */
export const oneRequest = 'nvme.io_queue_depth=2'

const sector = 512
const flags = { flush: 1, discard: 4 }

/** A request; its data, where it has some, stands in the log. */
export interface Entry {
  /** Bytes of the log up to its end. */
  readonly end: number
  readonly isFlush: boolean
  /** It bypasses the cache of the disk. */
  readonly isThrough: boolean
  /** Bytes: where on the disk, where in the log, and how many. */
  readonly at: number
  readonly from: number
  readonly length: number
}

/**
 * The journal of ext4 writes its commits and its superblock through the cache, which the NVMe of QEMU 7.2 does
 * not pass on: they are known by how they begin.
 */
const throughJournal = (data: Buffer): boolean =>
  data.readUInt32BE(0) === 0xc03b3998 && [2, 4].includes(data.readUInt32BE(4))

/** Of a header and the first sector behind it. */
const entryOf = (bytes: Buffer, place: number): Entry => {
  const number = (offset: number) => Number(bytes.readBigUInt64LE(offset))
  const flag = number(16)
  if ((flag & flags.discard) !== 0) throw new Error('a discard, of which nothing is known here')
  const length = number(8) * sector
  return {
    end: place + sector + length,
    isFlush: (flag & flags.flush) !== 0,
    isThrough: length > 0 && throughJournal(bytes.subarray(sector)),
    at: number(0) * sector,
    from: place + sector,
    length,
  }
}

/** All requests of the log of a machine that has ended, in their order. */
export const entriesOf = (log: string): readonly Entry[] => {
  const file = openSync(log, 'r')
  const { size } = statSync(log)
  const bytes = Buffer.alloc(2 * sector)
  const entries: Entry[] = []
  for (let place = sector; place < size; place = entries.at(-1)?.end ?? size) {
    bytes.fill(0)
    readSync(file, bytes, 0, bytes.length, place)
    entries.push(entryOf(bytes, place))
  }
  closeSync(file)
  return entries
}

const write = (log: string, entries: readonly Entry[], disk: string): void => {
  const [from, to] = [openSync(log, 'r'), openSync(disk, 'r+')]
  for (const entry of entries) {
    const data = Buffer.alloc(entry.length)
    readSync(from, data, 0, data.length, entry.from)
    writeSync(to, data, 0, data.length, entry.at)
  }
  closeSync(from)
  closeSync(to)
}

/** A failure of power. */
export interface Cut {
  /** How many requests had been carried out. */
  readonly after: number
  /** Of those that were in the cache only, which got to the disk all the same. */
  readonly kept: readonly boolean[]
}

/**
 * Makes disks of a log, of cuts in the order of time: what was flushed is on them, and of what was not, which a disk
 * writes in any order, what the cut says. `stable` is a copy of the disk that the machine began with, which
 * goes along.
 */
export const diskAfter = (log: string, entries: readonly Entry[], stable: string) => {
  let written = 0
  return ({ after, kept }: Cut, disk: string): void => {
    const flushed = entries.slice(0, after).findLastIndex(({ isFlush }) => isFlush) + 1
    write(log, entries.slice(written, Math.max(written, flushed)), stable)
    written = Math.max(written, flushed)
    copySparse(stable, disk)
    const cached = entries.slice(written, after)
    write(
      log,
      cached.filter(({ isThrough }, index) => isThrough || kept[index % kept.length]),
      disk,
    )
  }
}
