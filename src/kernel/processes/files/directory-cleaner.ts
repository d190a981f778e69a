import { directoryAbove, lastName } from '../../../model/etc/path-parts.ts'
import type { HugeFile } from '../../../model/processes/files/huge-file.ts'
import type { LeftReason, Removal } from '../../../model/processes/files/removal.ts'
import type { FileKey } from '../../../model/processes/who/page-hold.ts'
import type { Native } from '../../native/native.ts'
import { release } from '../../release-descriptor.ts'
import { askForLease, isAlone } from './file-lease.ts'
import { type AsideFile, giveBack, openLocked, removeAside, setAside } from './set-aside.ts'

/** What removing files needs of its caller. */
export interface CleanerCalls {
  readonly native: Native
  /**
   * The keys of the files that a process is seen to have: a whole look at all processes. Undefined
   * where some could not be looked into.
   */
  readonly lookAgain: () => ReadonlySet<FileKey> | undefined
  /** Whether a signal asks to stop. */
  readonly isStopped: () => boolean
  /** Notes what was done to a file, in words. */
  readonly did: (path: string, words: string) => void
}

/** Every file that is set aside has a descriptor, of which a process has few. */
const mostAtOnce = 64

interface Taken {
  readonly file: HugeFile
  readonly aside: AsideFile
}

/** Looks at all processes, once for all files that are set aside together. */
type SecondLook = () => ReadonlySet<FileKey> | undefined

/** Who has a file that was set aside, if anybody. It is asked after its name has gone. */
const useOf = (
  { native }: CleanerCalls,
  { aside }: Taken,
  seen: SecondLook,
): 'used' | 'unknown' | undefined => {
  const answer = askForLease(native, aside.descriptor)
  if (answer === 'free') return isAlone(native, aside.descriptor) ? undefined : 'used'
  if (answer === 'used') return 'used'
  const keys = seen()
  if (keys === undefined) return 'unknown'
  return keys.has(aside.key) ? 'used' : undefined
}

/** Gives a file its name again. Returns why not, and under which name it is left, which is noted. */
const nameBack = (
  { native, did }: CleanerCalls,
  directory: number,
  { file, aside }: Taken,
): Required<Pick<Removal, 'left' | 'at'>> | undefined => {
  const left = giveBack(native, directory, aside)
  if (left === undefined) return undefined
  const at = `${directoryAbove(file.reach)}/${aside.aside}`
  did(file.path, `${file.path} is left as ${at}`)
  return { left, at }
}

const finish = (
  calls: CleanerCalls,
  directory: number,
  taken: Taken,
  seen: SecondLook,
): Removal => {
  const { file, aside } = taken
  const left = ((): LeftReason | undefined => {
    if (calls.isStopped()) return 'stopped'
    return useOf(calls, taken, seen) ?? removeAside(directory, aside)
  })()
  if (left === undefined) {
    calls.did(file.path, `${file.path} removed`)
    return { file }
  }
  return { file, left, ...nameBack(calls, directory, taken) }
}

/** Sets files aside, and adds those that stay to `removals`. */
const takeAside = (
  calls: CleanerCalls,
  directory: number,
  files: readonly HugeFile[],
  taken: Taken[],
): readonly Removal[] =>
  files.flatMap((file): readonly Removal[] => {
    if (calls.isStopped()) return [{ file, left: 'stopped' }]
    const aside = setAside(calls.native, directory, lastName(file.reach), file.key)
    if (typeof aside === 'string') return [{ file, left: aside }]
    taken.push({ file, aside })
    return []
  })

/** Sets files of a directory aside, and removes those that nobody turns out to have. */
const removeSome = (
  calls: CleanerCalls,
  directory: number,
  files: readonly HugeFile[],
): readonly Removal[] => {
  const taken: Taken[] = []
  let looked: { readonly keys: ReadonlySet<FileKey> | undefined } | undefined
  const seen: SecondLook = () => {
    looked ??= { keys: calls.lookAgain() }
    return looked.keys
  }
  try {
    const removals = [...takeAside(calls, directory, files, taken)]
    for (let [one] = taken; one !== undefined; [one] = taken) {
      removals.push(finish(calls, directory, one, seen))
      taken.shift()
    }
    return removals
  } catch (error) {
    for (const one of taken) nameBack(calls, directory, one)
    throw error
  }
}

const inOneDirectory = (calls: CleanerCalls, files: readonly HugeFile[]): readonly Removal[] => {
  const [first] = files
  if (first === undefined) return []
  const directory = openLocked(calls.native, directoryAbove(first.reach), first.key)
  if (typeof directory === 'string') return files.map((file) => ({ file, left: directory }))
  try {
    const all: Removal[] = []
    for (let at = 0; at < files.length; at += mostAtOnce)
      all.push(...removeSome(calls, directory, files.slice(at, at + mostAtOnce)))
    return all
  } finally {
    release(directory)
  }
}

/**
 * Removes files that nobody has, directory by directory. The lock of the directory keeps DPDK from
 * beginning meanwhile; the lock of the file shows who has locked it since the look; the new name
 * keeps everybody from opening it, and only then is it asked whether somebody has it open. A file
 * that somebody has gets its name back. Where the program is killed in between, the file keeps all
 * it has under a name that tells what it was.
 */
export const removeFiles = (
  calls: CleanerCalls,
  files: readonly HugeFile[],
): readonly Removal[] => {
  const directories = new Map<string, HugeFile[]>()
  for (const file of files) {
    const parent = directoryAbove(file.reach)
    const those = directories.get(parent) ?? []
    those.push(file)
    directories.set(parent, those)
  }
  return [...directories.values()].flatMap((those) => inOneDirectory(calls, those))
}
