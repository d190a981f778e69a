import { HugepoolError, unsupported } from '../../errors.ts'
import { readBootFiles } from '../../kernel/boot/read-boot-files.ts'
import { readEtc } from '../../kernel/etc/etc-files.ts'
import type { Tree } from '../../kernel/tree.ts'
import { checkRootAlone } from '../../kernel/trusted-path.ts'
import type { BootFiles } from '../../model/boot/loaders/boot-files.ts'
import {
  type BootRecord,
  bootRecordPath,
  parseBootRecord,
} from '../../model/boot/loaders/boot-record.ts'
import type { LoaderState } from '../../model/boot/loaders/loader-plan.ts'
import type { InstallingLoader, LoaderRow } from '../../model/boot/loaders/loader-row.ts'
import { findLoader, loaderNamed } from '../../model/boot/loaders/loader-table.ts'
import type { Octets } from '../../model/etc/octets.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'

/** The boot loader of a machine, and what hugepool has installed through it. */
export interface FoundLoader {
  readonly row: LoaderRow
  readonly files: BootFiles
  readonly record?: BootRecord
  readonly recordText?: string
}

/**
 * Looks for the boot loader and the record of installed words. Throws E_REFUSED for a record that
 * is garbage, or that others than root can change.
 */
export const lookAtLoader = async ({ tree, run }: Ports): Promise<FoundLoader> => {
  const files = await readBootFiles(tree, run)
  checkRootAlone(tree, bootRecordPath)
  const recordText = readEtc(tree, bootRecordPath)
  const record = recordText === undefined ? undefined : parseBootRecord(recordText)
  return present({ row: findLoader(files), files, record, recordText })
}

/** Returns what a plan begins with, for a loader that takes words. */
export const loaderStateOf = (found: FoundLoader, loader: InstallingLoader): LoaderState => {
  const { row: _, ...rest } = found
  return { loader, ...rest }
}

/** Reads a file that only root may read as missing: who is not root changes none. */
const readUnlessDenied = (tree: Tree, path: string): Octets | undefined => {
  try {
    return readEtc(tree, path)
  } catch (error) {
    if (error instanceof HugepoolError && error.code === 'E_PERMISSION') return undefined
    throw error
  }
}

/**
 * Returns what a plan begins with that changes the file of a loader. While the loader is looked for, what
 * cannot be read counts as missing. Of this file that would be untrue: its words would stay, and nobody
 * would know of them any more. Throws E_KERNEL where it cannot be read.
 */
export const changingStateOf = (
  { tree }: Ports,
  found: FoundLoader,
  loader: InstallingLoader,
): LoaderState => {
  const { files, record } = found
  const paths = [loader.file?.(files)?.path, record?.file?.path]
  const seen = paths.flatMap((path) => {
    const text = path === undefined ? undefined : readUnlessDenied(tree, path)
    return path === undefined || text === undefined ? [] : [[path, text] as const]
  })
  const texts = new Map([...files.texts, ...seen])
  return loaderStateOf({ ...found, files: { ...files, texts } }, loader)
}

/**
 * Returns the loader that the record names. Throws E_UNSUPPORTED where hugepool knows no loader of
 * that name.
 */
export const recordedLoader = ({ loader }: BootRecord): InstallingLoader => {
  const row = loaderNamed(loader)
  if (row?.kind === 'install') return row
  throw unsupported(
    'no-loader',
    `${bootRecordPath} names a boot loader that is not known: ${loader}`,
    'the hugepool that wrote it knows it',
  )
}

/** Says which boot loader was found. */
export const loaderWords = ({ title }: Pick<LoaderRow, 'title'>): string => `boot loader: ${title}`
