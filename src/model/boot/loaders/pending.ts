import { bootRecordPath } from './boot-record.ts'
import { wordsInFile } from './edited-file.ts'
import { sequenceIn } from './hugetlb-sequence.ts'
import type { LoaderState } from './loader-plan.ts'
import type { BootEntry, OthersWords } from './loader-row.ts'

/**
 * Where words differ: between the configuration and the next boot (`next-boot`), between the boot
 * loader and a reboot by kexec (`kexec`), or between the next boot and this one (`this-boot`).
 */
export type PendingStage = 'next-boot' | 'kexec' | 'this-boot'

/**
 * Finds what is configured: the words that hugepool has installed, or those of others in the files
 * that the boot loader reads. A boot loader without a file has them in the entry that it boots. The
 * words are empty where none are configured.
 */
export const configuredWords = ({ loader, files, record }: LoaderState): OthersWords => {
  if (record !== undefined && record.state !== 'removing')
    return { path: record.file?.path ?? bootRecordPath, words: record.sequences.at(-1) ?? '' }
  const file = loader.file?.(files)
  const text = file?.isOwn === false ? files.texts.get(file.path) : undefined
  const found = [
    ...(file && text !== undefined ? [{ path: file.path, words: wordsInFile(file, text) }] : []),
    ...(loader.foreign?.(files) ?? []),
  ].filter(({ words }) => words !== '')
  const words = found.map((each) => each.words).join(' ')
  const [entry] = loader.entries(files)
  return file === undefined && entry !== undefined
    ? { path: entry.path, words: sequenceIn(entry.line) }
    : { path: found[0]?.path ?? file?.path ?? '', words }
}

/**
 * Compares what is configured with what will be booted, and that with what runs. The first differs
 * until the boot loader has read its files, the second until a reboot. A reboot by kexec goes past
 * the boot loader, with words of its own.
 */
export const pendingStages = (
  configured: string,
  next: string | undefined,
  now: string,
  kexec?: string,
): readonly PendingStage[] => [
  ...(next !== undefined && next !== configured ? (['next-boot'] as const) : []),
  ...(kexec !== undefined && kexec !== (next ?? configured) ? (['kexec'] as const) : []),
  ...((next ?? configured) === now ? [] : (['this-boot'] as const)),
]

/** Finds the entries whose words differ from those of the entry that is booted without a choice. */
export const differingEntries = (entries: readonly BootEntry[]): readonly BootEntry[] => {
  const [first, ...rest] = entries
  return first === undefined
    ? []
    : rest.filter(({ line }) => sequenceIn(line) !== sequenceIn(first.line))
}
