import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporary } from '../../helpers/run.ts'
import type { Files } from './cpio.ts'
import { copySparse, ownDisk, recover, textOn } from './disk.ts'
import { boot } from './machine.ts'
import { type Cut, diskAfter, type Entry, entriesOf, loggedDrive, oneRequest } from './write-log.ts'

/** A machine that changes files again and again. */
export interface Changing {
  readonly paths: readonly string[]
  /** Commands of sh; `changed` after one says that its change has come to its end. */
  readonly script: string
}

/** The texts of files, in the order of their paths; undefined for one that is not there. */
export type Texts = readonly (string | undefined)[]

/** What the files were when a change had come to its end. */
interface Mark {
  /** Bytes of the log that there were by then. */
  readonly size: number
  readonly texts: Texts
}

/** What a machine has written to its disk while it changed files. */
export interface Logged {
  readonly paths: readonly string[]
  readonly log: string
  readonly entries: readonly Entry[]
  readonly marks: readonly Mark[]
  /** The disk that the machine began with. */
  readonly before: string
}

/**
 * The table of file systems with one that writes a file before its new name only where it is asked to. By itself
 * ext4 does it always, and others do not.
 */
export const strictTable = '/dev/nvme0n1 / ext4 errors=remount-ro,noauto_da_alloc 0 1\n'

/** A script that says after each change what the files are. */
export const markedScript = ({ paths, script }: Changing): string => `changed() {
    line=@
    for path in ${paths.join(' ')}; do
      if [ -e $path ]; then line="$line $(base64 -w 0 $path)"; else line="$line -"; fi
    done
    echo "$line"
  }
  changed
  ${script}`

/** The texts of a line that such a script says; undefined for any other line. */
export const markedTexts = (line: string): Texts | undefined => {
  const [sign, ...words] = line.split(' ')
  const textOf = (word: string) =>
    word === '-' ? undefined : Buffer.from(word, 'base64').toString()
  return sign === '@' ? words.map(textOf) : undefined
}

/** Boots a machine that changes files, of which it has some, and logs what it writes. */
export const logChanges = async (t: Test, changing: Changing, files: Files): Promise<Logged> => {
  const disk = ownDisk(t)
  const directory = temporary(t)
  const [log, before] = [join(directory, 'log'), join(directory, 'before.ext4')]
  copySparse(disk, before)
  const marks: Mark[] = []
  await boot(t, {
    disk,
    drive: loggedDrive(disk, log),
    append: [oneRequest],
    files,
    script: markedScript(changing),
    heard: (line) => {
      const texts = markedTexts(line)
      if (texts !== undefined) marks.push({ size: statSync(log).size, texts })
    },
  })
  return { paths: changing.paths, log, entries: entriesOf(log), marks, before }
}

const coins = 64

/** Moments while the files were changed, in their order. */
export const cutsOf = (logged: Logged, count: number, random: () => number): readonly Cut[] => {
  const { entries, marks } = logged
  const first = entries.findIndex(({ end }) => end > (marks[0]?.size ?? 0))
  const last = entries.findLastIndex(({ end }) => end <= (marks.at(-1)?.size ?? 0))
  return Array.from({ length: count }, () => ({
    after: first + Math.floor(random() * (last + 1 - first)) + 1,
    kept: Array.from({ length: coins }, () => random() < 0.5),
  })).sort((one, other) => one.after - other.after)
}

/** What the files may be: as they were when the last change had ended, or what the next two made of them. */
const allowedAt = ({ entries, marks }: Logged, { after }: Cut): readonly Texts[] => {
  const end = entries[after - 1]?.end ?? 0
  const latest = marks.findLastIndex(({ size }) => size <= end)
  // The word of an end takes a moment to arrive, in which the next but one can have begun.
  return marks.slice(latest, latest + 3).map(({ texts }) => texts)
}

/** A file that was not whole after a failure of power, or too old. */
interface Torn {
  readonly path: string
  /** The number of requests before it. */
  readonly after: number
  readonly text: string | undefined
}

/** Cuts the power at these moments, and gives the files that were torn. */
export const torn = (t: Test, logged: Logged, cuts: readonly Cut[]): readonly Torn[] => {
  const disk = join(temporary(t), 'cut.ext4')
  const make = diskAfter(logged.log, logged.entries, logged.before)
  return cuts.flatMap((cut) => {
    make(cut, disk)
    recover(disk)
    return logged.paths.flatMap((path, index) => {
      const text = textOn(disk, path)
      return allowedAt(logged, cut).some((texts) => texts[index] === text)
        ? []
        : [{ path, after: cut.after, text }]
    })
  })
}
