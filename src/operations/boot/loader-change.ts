import type { HugepoolError } from '../../errors.ts'
import { bootRecordPath } from '../../model/boot/loaders/boot-record.ts'
import { isSequenceWord } from '../../model/boot/loaders/hugetlb-sequence.ts'
import {
  type LoaderState,
  type LoaderStep,
  planLines,
} from '../../model/boot/loaders/loader-plan.ts'
import type { InstallingLoader, LoaderRow } from '../../model/boot/loaders/loader-row.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { checkLoaderSteps, loaderDenied } from './carry-out-loader.ts'
import { kexecNotes, lookAtKexec } from './kexec-boot.ts'
import { loaderStateOf, loaderWords, lookAtLoader } from './look-at-loader.ts'
import { givesThem, lookAtNextBoot, type NextBoot } from './next-boot.ts'

/** What was done with the words of a boot loader, or what a dry run would do. */
export interface LoaderChange {
  readonly kind: 'change' | 'dry-run' | 'print'
  /** `partial` where the next boot does not give what was installed. */
  readonly outcome: 'done' | 'unchanged' | 'partial'
  readonly loader: { readonly name: string; readonly title: string }
  /** The words that were to be installed; empty for a removal. */
  readonly sequence: string
  /** Shell commands of a dry run, or what a person has to do where hugepool does not. */
  readonly lines: readonly string[]
  readonly notes: readonly string[]
  readonly hints: readonly string[]
  readonly next?: NextBoot
  /** The error that a real run would end with for want of a right. */
  readonly denied?: HugepoolError
}

/** Returns what the result says of a loader. */
export const shownLoader = ({ name, title }: LoaderRow) => ({ name, title })

/** Words that the kernel of the next boot would not use as they stand, and why. */
const unusedNotes = ({ predicted }: NextBoot): readonly string[] =>
  (predicted?.words ?? [])
    .filter(({ word, result }) => isSequenceWord(word) && result !== 'used')
    .map(({ word, result, message, why }) => `${word.text} is ${result}: ${message ?? why}`)

/** Looks again at what will be booted, and says whether that is what was meant. */
export const readBack = async (
  ports: Ports,
  loader: InstallingLoader,
  sequence: string | undefined,
): Promise<Pick<LoaderChange, 'next' | 'notes'> & { readonly isRight: boolean }> => {
  const found = await lookAtLoader(ports)
  const next = lookAtNextBoot(ports, loaderStateOf(found, loader))
  const kexec = lookAtKexec(ports, found.files)
  const past = kexecNotes(kexec, sequence ?? next?.words)
  if (next === undefined)
    return { isRight: true, notes: ['what will be booted cannot be read back here', ...past] }
  const isRight = sequence === undefined || givesThem(ports, next, sequence)
  const words = next.words === '' ? 'no words about HugeTLB' : next.words
  return {
    next,
    isRight,
    notes: [`${next.path}: the next boot has ${words}`, ...unusedNotes(next), ...past],
  }
}

/** Tells what a real run would do. Throws where a file cannot be written. */
export const foreseen = (ports: Ports, loader: InstallingLoader, steps: readonly LoaderStep[]) => {
  checkLoaderSteps(ports, steps, true)
  return present({
    kind: 'dry-run' as const,
    outcome: steps.length === 0 ? ('unchanged' as const) : ('done' as const),
    loader: shownLoader(loader),
    lines: planLines(steps),
    notes: [loaderWords(loader)],
    hints: [],
    denied: loaderDenied(ports, steps),
  })
}

/**
 * Returns the files that are replaced, beside which a killed hugepool may have left unfinished
 * ones.
 */
export const leftoverPaths = ({ loader, files }: LoaderState): readonly string[] => [
  bootRecordPath,
  ...(loader.file === undefined ? [] : [loader.file(files).path]),
]
