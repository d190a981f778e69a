import { fileLine } from '../../etc/file-line.ts'
import { type FileStep, shellLines } from '../../etc/file-step.ts'
import { asOctets } from '../../etc/octets.ts'
import { directoryAbove } from '../../etc/path-parts.ts'
import { commandLine, printOctets, shellWord } from '../../etc/shell-word.ts'
import { present } from '../../words/present.ts'
import type { BootFiles } from './boot-files.ts'
import { type BootRecord, bootRecordPath, bootRecordText } from './boot-record.ts'
import type { InstallingLoader } from './loader-row.ts'

/**
 * One step of an installation or a removal: a change of a file, or a program of the boot loader
 * that is run.
 */
export type LoaderStep =
  | { readonly do: 'file'; readonly file: FileStep }
  | { readonly do: 'run'; readonly words: readonly string[] }

/** The state in which an installation or a removal begins. */
export interface LoaderState {
  readonly loader: InstallingLoader
  readonly files: BootFiles
  readonly record?: BootRecord
  /** The text of the file of the record. */
  readonly recordText?: string
}

/** Writes the shell line that writes a text of octets, whether or not it ends in a newline. */
const fileWritingLine = (path: string, text: string): string =>
  text.endsWith('\n')
    ? fileLine(path, asOctets(text))
    : `${printOctets(asOctets(text))} > ${shellWord(path)}`

/** Makes the step that writes a file in place of what is there. */
export const writeTextStep = (
  path: string,
  before: string | undefined,
  after: string,
  backup?: string,
): LoaderStep => {
  const made = before === undefined ? [`mkdir -p ${shellWord(directoryAbove(path))}`] : []
  const shell = [...made, fileWritingLine(path, after)]
  const parents = before === undefined ? (true as const) : undefined
  return {
    do: 'file',
    file: present({ do: 'replace', path, before, after, parents, backup, shell }),
  }
}

export const removeStep = (path: string, before: string): LoaderStep => ({
  do: 'file',
  file: { do: 'remove', path, before },
})

/**
 * Returns the step that gives a file another text, makes it or removes it; none where it is so
 * already. An undefined text is that of no file.
 */
export const stepTo = (
  path: string,
  from: string | undefined,
  to: string | undefined,
  backup?: string,
): readonly LoaderStep[] => {
  if (from === to) return []
  if (to !== undefined) return [writeTextStep(path, from, to, backup)]
  return from === undefined ? [] : [removeStep(path, from)]
}

/**
 * Returns the step that writes a record in place of a text that the file has, or removes the file
 * where there is to be no record.
 */
export const recordStep = (
  text: string | undefined,
  to: BootRecord | undefined,
): readonly LoaderStep[] => stepTo(bootRecordPath, text, to && bootRecordText(to))

/** Returns the shell lines that do what steps do, in their order. */
export const planLines = (steps: readonly LoaderStep[]): readonly string[] =>
  steps.flatMap((step) => (step.do === 'file' ? shellLines(step.file) : commandLine(step.words)))
