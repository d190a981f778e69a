import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporary } from '../../helpers/run.ts'
import type { Files } from './cpio.ts'
import { copySparse, ownDisk, recover, textOn } from './disk.ts'
import { boot } from './machine.ts'
import { seeded, seedOfRun } from './seeded.ts'
import { type Cut, diskAfter, type Entry, entriesOf, loggedDrive, oneRequest } from './write-log.ts'

/** A machine that changes a file again and again. */
interface Changing {
  readonly path: string
  readonly files?: Files
  /** Commands of sh; `done` after each of them that changes the file says that it has come to its end. */
  readonly script: string
}

/** What the file was when a change had come to its end. */
interface Mark {
  /** Bytes of the log that there were by then. */
  readonly size: number
  readonly text: string
}

/** A machine's log, of which disks can be made that lost their power. */
export interface Logged {
  readonly log: string
  readonly entries: readonly Entry[]
  readonly marks: readonly Mark[]
  /** The disk that the machine began with. */
  readonly before: string
}

/** ext4 would write a file before its new name without being asked; other file systems do not. */
export const strictTable = '/dev/nvme0n1 / ext4 errors=remount-ro,noauto_da_alloc 0 1\n'

const markOf = /^@ (.*)$/

/** Boots a machine that changes a file, and logs what it writes. */
export const logChanges = async (
  t: Test,
  { path, script, files = {} }: Changing,
): Promise<Logged> => {
  const disk = ownDisk(t)
  const directory = temporary(t)
  const [log, before] = [join(directory, 'log'), join(directory, 'before.ext4')]
  copySparse(disk, before)
  const marks: Mark[] = []
  const heard = (line: string) => {
    const text = markOf.exec(line)?.[1]
    if (text === undefined) return
    marks.push({ size: statSync(log).size, text: Buffer.from(text, 'base64').toString() })
  }
  const changed = `changed() { echo "@ $(base64 -w 0 ${path})"; }\nchanged\n${script}`
  await boot(t, {
    disk,
    drive: loggedDrive(disk, log),
    append: [oneRequest],
    script: changed,
    heard,
    files: { '/etc/fstab': strictTable, ...files },
  })
  return { log, entries: entriesOf(log), marks, before }
}

const coins = 64

/** Moments while the file was changed, in their order. */
const cutsOf = (
  { entries, marks }: Logged,
  count: number,
  random: () => number,
): readonly Cut[] => {
  const first = entries.findIndex(({ end }) => end > (marks[0]?.size ?? 0))
  const last = entries.findLastIndex(({ end }) => end <= (marks.at(-1)?.size ?? 0))
  return Array.from({ length: count }, () => ({
    after: first + Math.floor(random() * (last + 1 - first)) + 1,
    kept: Array.from({ length: coins }, () => random() < 0.5),
  })).sort((one, other) => one.after - other.after)
}

/** What the file may be: as it was by the last change that had ended, or what the next two made of it. */
const allowed = ({ entries, marks }: Logged, { after }: Cut): readonly string[] => {
  const end = entries[after - 1]?.end ?? 0
  const latest = marks.findLastIndex(({ size }) => size <= end)
  // The word of an end takes a moment to arrive, in which the next but one can have begun.
  return marks.slice(latest, latest + 3).map(({ text }) => text)
}

/** Cuts the power at so many moments, and tells where the file was not whole afterwards. */
export const torn = (t: Test, logged: Logged, path: string, count: number): readonly string[] => {
  const seed = seedOfRun()
  t.comment(`HUGEPOOL_BOOT_SEED=${seed}`)
  const disk = join(temporary(t), 'cut.ext4')
  const make = diskAfter(logged.log, logged.entries, logged.before)
  return cutsOf(logged, count, seeded(seed)).flatMap((cut) => {
    make(cut, disk)
    recover(disk)
    const text = textOn(disk, path)
    return text !== undefined && allowed(logged, cut).includes(text)
      ? []
      : [`after ${cut.after} of ${logged.entries.length} requests, seed ${seed}: ${text}`]
  })
}
