import { fileLine } from '../../etc/file-line.ts'
import { type FileStep, shellLines } from '../../etc/file-step.ts'
import { asOctets } from '../../etc/octets.ts'
import { directoryAbove } from '../../etc/path-parts.ts'
import { printOctets, shellWord } from '../../etc/shell-word.ts'
import { present } from '../../words/present.ts'
import type { BootFiles } from './boot-files.ts'
import { type BootRecord, bootRecordPath, bootRecordText } from './boot-record.ts'
import type { InstallingLoader } from './loader-row.ts'

/** One step of an installation or a removal: a file, or a program of the boot loader. */
export type LoaderStep =
  | { readonly do: 'file'; readonly file: FileStep }
  | { readonly do: 'run'; readonly words: readonly string[] }

/** What an installation or a removal begins with. */
export interface LoaderState {
  readonly loader: InstallingLoader
  readonly files: BootFiles
  readonly record?: BootRecord
  /** The record as it stands in its file. */
  readonly recordText?: string
}

/** The shell line that writes a text of octets, whether or not it ends in a newline. */
const fileWritingLine = (path: string, text: string): string =>
  text.endsWith('\n')
    ? fileLine(path, asOctets(text))
    : `${printOctets(asOctets(text))} > ${shellWord(path)}`

/** The step that writes a file in the place of what is there. */
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

/** Returns the step that turns a text into another, or a file into none; nothing where it is so. */
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

/** The step that keeps a record in the place of the text of another; `undefined` is none. */
export const recordStep = (
  text: string | undefined,
  to: BootRecord | undefined,
): readonly LoaderStep[] => stepTo(bootRecordPath, text, to && bootRecordText(to))

/** Returns the shell lines that do what steps do, in their order. */
export const planLines = (steps: readonly LoaderStep[]): readonly string[] =>
  steps.flatMap((step) =>
    step.do === 'file' ? shellLines(step.file) : step.words.map(shellWord).join(' '),
  )
