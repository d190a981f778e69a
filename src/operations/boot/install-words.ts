import { type HugepoolError, refused } from '../../errors.ts'
import { removeLeftovers } from '../../kernel/etc/etc-files.ts'
import { bootRecordPath } from '../../model/boot/loaders/boot-record.ts'
import { checkSequence } from '../../model/boot/loaders/hugetlb-sequence.ts'
import { type InstallRequest, planInstall } from '../../model/boot/loaders/install-plan.ts'
import {
  type LoaderState,
  type LoaderStep,
  planLines,
} from '../../model/boot/loaders/loader-plan.ts'
import type { InstallingLoader, LoaderRow } from '../../model/boot/loaders/loader-row.ts'
import { planRemoval } from '../../model/boot/loaders/removal-plan.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { withLock } from '../with-lock.ts'
import { carryOutLoader, checkLoaderSteps, deniedSteps } from './carry-out-loader.ts'
import {
  type FoundLoader,
  loaderStateOf,
  loaderWords,
  lookAtLoader,
  recordedLoader,
} from './look-at-loader.ts'
import { givesThem, judgeLine, lookAtNextBoot, type NextBoot } from './next-boot.ts'

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
  /** The error that the real run of a dry run would end with for want of a right. */
  readonly denied?: HugepoolError
}

const named = ({ name, title }: LoaderRow) => ({ name, title })

/** What a person has to type, for a boot loader that is left to its administrator. */
const printed = (row: LoaderRow & { readonly kind: 'print' }, sequence: string): LoaderChange => ({
  kind: 'print',
  outcome: 'unchanged',
  loader: named(row),
  sequence,
  lines: row.lines(sequence),
  notes: [loaderWords(row), 'hugepool does not change it: this is what to do'],
  hints: [],
})

/** Looks again at what will be booted, and says whether that is what was meant. */
const readBack = async (
  ports: Ports,
  loader: InstallingLoader,
  sequence: string | undefined,
): Promise<Pick<LoaderChange, 'next' | 'notes'> & { readonly isRight: boolean }> => {
  const next = lookAtNextBoot(ports, loaderStateOf(await lookAtLoader(ports), loader))
  if (next === undefined)
    return { isRight: true, notes: ['what will be booted cannot be read back here'] }
  const isRight = sequence === undefined || givesThem(ports, next, sequence)
  const words = next.words === '' ? 'no words about HugeTLB' : next.words
  return { next, isRight, notes: [`${next.path}: the next boot has ${words}`] }
}

const dryRun = (ports: Ports, loader: InstallingLoader, steps: readonly LoaderStep[]) => {
  checkLoaderSteps(ports, steps, true)
  return present({
    kind: 'dry-run' as const,
    outcome: steps.length === 0 ? ('unchanged' as const) : ('done' as const),
    loader: named(loader),
    lines: planLines(steps),
    notes: [loaderWords(loader)],
    hints: [],
    denied: deniedSteps(ports, steps),
  })
}

const rebootHints = ({ once }: InstallingLoader): readonly string[] => [
  'it takes a reboot: nothing is changed until then',
  `to boot once without: ${once}`,
]

/** The line of x86 and arm64 ends there, silently (COMMAND_LINE_SIZE in asm/setup.h). */
const longestLine = 2047

/** Refuses what a kernel of this machine would not survive, and what it would cut off. */
const refuseHarm = (ports: Ports, { row, files }: FoundLoader, sequence: string): void => {
  const entries = row.kind === 'install' ? row.entries(files) : []
  const long = entries.find(({ line }) => line.length + sequence.length >= longestLine)
  if (long !== undefined)
    throw refused('limit', `${long.path}: with these words the line is too long for a kernel`)
  const releases = new Set([files.release, ...entries.flatMap(({ release }) => release ?? [])])
  for (const release of releases)
    if (judgeLine(ports, sequence, release)?.boots === false)
      throw refused('no-feature', `the kernel ${release} does not boot with these words`)
}

/** The files that are replaced, beside which a killed hugepool may have left unfinished ones. */
const writtenPaths = ({ loader, files }: LoaderState): readonly string[] => [
  bootRecordPath,
  ...(loader.file === undefined ? [] : [loader.file(files).path]),
]

const install = async (
  ports: Ports,
  state: LoaderState,
  steps: readonly LoaderStep[],
  sequence: string,
): Promise<LoaderChange> => {
  const { loader } = state
  await carryOutLoader(ports, steps, writtenPaths(state))
  const { isRight, notes, ...read } = await readBack(ports, loader, sequence)
  const wrong = isRight ? [] : ['the next boot does not give the pages of these words']
  return {
    kind: 'change',
    outcome: isRight ? (steps.length === 0 ? 'unchanged' : 'done') : 'partial',
    loader: named(loader),
    sequence,
    lines: [],
    notes: [loaderWords(loader), ...notes, ...wrong],
    hints: rebootHints(loader),
    ...read,
  }
}

/**
 * Installs a sequence of words through the boot loader, or tells what a dry run would do, or what to
 * type. Throws E_USAGE for what is no sequence; E_REFUSED for words of others unless they are to be
 * replaced, and for words that a kernel does not survive; E_KERNEL where a program fails.
 */
export const installWords = async (
  ports: Ports,
  request: InstallRequest & { readonly dryRun: boolean },
): Promise<LoaderChange> => {
  const { sequence } = request
  checkSequence(sequence)
  const act = async (): Promise<LoaderChange> => {
    const found = await lookAtLoader(ports)
    const { row } = found
    refuseHarm(ports, found, sequence)
    if (row.kind === 'print') return printed(row, sequence)
    const state = loaderStateOf(found, row)
    const steps = planInstall(state, request)
    return request.dryRun
      ? { ...dryRun(ports, row, steps), sequence }
      : install(ports, state, steps, sequence)
  }
  return request.dryRun ? act() : withLock(ports, true, act)
}

/** What is asked of a removal. */
export interface RemovalRequest {
  /** Whether a file of hugepool goes although others have changed it. */
  readonly replace: boolean
  readonly dryRun: boolean
}

const nothingToRemove = (row: LoaderRow): LoaderChange => ({
  kind: 'change',
  outcome: 'unchanged',
  loader: named(row),
  sequence: '',
  lines: [],
  notes: [loaderWords(row), 'hugepool has installed no words'],
  hints: [],
})

/** Removes what was installed, exactly. Throws as `installWords` does. */
export const removeWords = async (
  ports: Ports,
  { replace, dryRun: isDry }: RemovalRequest,
): Promise<LoaderChange> => {
  const act = async (): Promise<LoaderChange> => {
    const found = await lookAtLoader(ports)
    if (found.record === undefined) {
      if (!isDry && ports.run !== undefined) removeLeftovers(ports.tree, [bootRecordPath])
      return { ...nothingToRemove(found.row), kind: isDry ? 'dry-run' : 'change' }
    }
    const loader = recordedLoader(found.record)
    const state = loaderStateOf(found, loader)
    const steps = planRemoval(state, replace)
    if (isDry) return { ...dryRun(ports, loader, steps), sequence: '' }
    await carryOutLoader(ports, steps, writtenPaths(state))
    const { isRight: _, notes, ...read } = await readBack(ports, loader, undefined)
    const isLeft = found.record.sequences.includes(read.next?.words ?? '')
    return {
      ...nothingToRemove(loader),
      outcome: isLeft ? 'partial' : 'done',
      notes: [loaderWords(loader), ...notes],
      hints: ['it takes a reboot: nothing is changed until then'],
      ...read,
    }
  }
  return isDry ? act() : withLock(ports, true, act)
}
