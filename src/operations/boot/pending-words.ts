import { readKernelLine } from '../../kernel/boot/read-boot-machine.ts'
import type { BootRecord } from '../../model/boot/loaders/boot-record.ts'
import { sequenceIn } from '../../model/boot/loaders/hugetlb-sequence.ts'
import type { OthersWords } from '../../model/boot/loaders/loader-row.ts'
import {
  configuredWords,
  differingEntries,
  type PendingStage,
  pendingStages,
} from '../../model/boot/loaders/pending.ts'
import type { BootPrediction } from '../../model/boot/predict-boot.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { type KexecBoot, kexecNotes, lookAtKexec } from './kexec-boot.ts'
import { type FoundLoader, loaderStateOf, loaderWords, lookAtLoader } from './look-at-loader.ts'
import { lookAtNextBoot, type NextBoot, predictHere } from './next-boot.ts'

/** The line that the running kernel was started with. */
export interface ThisBoot {
  readonly line: string
  readonly words: string
  readonly predicted?: BootPrediction
}

/** What is configured, what will be booted, and what was booted. */
export interface PendingWords {
  readonly loader: { readonly name: string; readonly title: string }
  /** Absent where the boot loader's files are left to its administrator. */
  readonly configured?: OthersWords
  /** Absent where it cannot be read. */
  readonly next?: NextBoot
  /** Absent where a reboot goes through the boot loader. */
  readonly kexec?: KexecBoot
  readonly now?: ThisBoot
  /** Which of them differs from the one before it; empty where nothing is pending. */
  readonly differs: readonly PendingStage[]
  readonly notes: readonly string[]
}

const thisBoot = (ports: Ports): ThisBoot | undefined => {
  const line = readKernelLine(ports.tree)
  return line === undefined
    ? undefined
    : present({ line, words: sequenceIn(line), predicted: predictHere(ports, line) })
}

const stoppedNotes = (record: BootRecord | undefined): readonly string[] =>
  record === undefined || record.state === 'installed'
    ? []
    : [
        record.state === 'installing'
          ? 'an installation was stopped before its end: --install or --remove ends it'
          : 'a removal was stopped before its end: --remove ends it',
      ]

const stageNotes: Readonly<Record<PendingStage, string>> = {
  'next-boot': 'the boot loader has other words than its configuration',
  kexec: 'a reboot by kexec has other words than the boot loader: coldreboot(8) goes through it',
  'this-boot': 'the words of the next boot are others than those of this one: it takes a reboot',
}

const compared = (
  ports: Ports,
  found: FoundLoader,
): Pick<PendingWords, 'configured' | 'next' | 'kexec' | 'now' | 'differs' | 'notes'> => {
  const { row, files, record } = found
  const now = thisBoot(ports)
  const kexec = lookAtKexec(ports, files)
  if (row.kind === 'print')
    return { ...present({ kexec, now }), differs: [], notes: kexecNotes(kexec) }
  const configured = configuredWords(loaderStateOf(found, row))
  const next = lookAtNextBoot(ports, { loader: row, files })
  const differs =
    now === undefined ? [] : pendingStages(configured.words, next?.words, now.words, kexec?.words)
  const others = differingEntries(row.entries(files)).map(
    ({ path, title }) => `${path}: '${title}' has other words than the entry that is booted first`,
  )
  const notes = [
    ...stoppedNotes(record),
    ...differs.map((stage) => stageNotes[stage]),
    ...kexecNotes(kexec),
    ...others,
  ]
  return { ...present({ configured, next, kexec, now }), differs, notes }
}

/**
 * Compares the words about HugeTLB that are configured, that will be booted and that were booted.
 * Throws E_REFUSED for a record that is garbage.
 */
export const pendingWords = async (ports: Ports): Promise<PendingWords> => {
  const found = await lookAtLoader(ports)
  const { notes, ...rest } = compared(ports, found)
  const { name, title } = found.row
  return { loader: { name, title }, ...rest, notes: [loaderWords(found.row), ...notes] }
}
