import { HugepoolError } from '../../../errors.ts'
import { jsonIn } from '../../etc/json-value.ts'
import { present } from '../../words/present.ts'

/** The file that keeps what was installed, so that a removal takes away that and nothing else. */
export const bootRecordPath = '/var/lib/hugepool/boot.json'

/** The file that was written for a boot loader. Its texts are octets, one for each character. */
export interface RecordedFile {
  readonly path: string
  /** The text that was there before; absent where there was no file. */
  readonly before?: string
  /**
   * Every text that hugepool wrote or was about to write. A file is hugepool's where its text is
   * one of these.
   */
  readonly written: readonly string[]
}

/** What has been installed, or was being installed or removed when hugepool was stopped. */
export interface BootRecord {
  readonly loader: string
  readonly state: 'installing' | 'installed' | 'removing'
  /** The sequences of words, the latest last. There are several while a change is on its way. */
  readonly sequences: readonly string[]
  /** Words of others that were taken over. */
  readonly replaced: readonly string[]
  readonly file?: RecordedFile
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const isFile = (value: unknown): value is RecordedFile => {
  const { path, before, written } = (value ?? {}) as Record<string, unknown>
  return (
    typeof path === 'string' &&
    (before === undefined || typeof before === 'string') &&
    isTexts(written)
  )
}

const states: readonly unknown[] = ['installing', 'installed', 'removing']

const isRecord = (value: unknown): value is BootRecord => {
  const { version, loader, state, sequences, replaced, file } = (value ?? {}) as Record<
    string,
    unknown
  >
  return (
    version === 1 &&
    typeof loader === 'string' &&
    states.includes(state) &&
    isTexts(sequences) &&
    isTexts(replaced) &&
    (file === undefined || isFile(file))
  )
}

/**
 * Reads a record. Throws E_REFUSED for a text that is none: nobody knows then which words are
 * hugepool's.
 */
export const parseBootRecord = (text: string): BootRecord => {
  const value = jsonIn(text)
  if (!isRecord(value))
    throw new HugepoolError(
      'E_REFUSED',
      'not-understood',
      `${bootRecordPath} is no record of words that were installed`,
      'move it away: the words that are installed then count as those of somebody else',
    )
  const { loader, state, sequences, replaced, file } = value
  return present({ loader, state, sequences, replaced, file })
}

/** Writes a record, in ASCII. */
export const bootRecordText = (record: BootRecord): string =>
  `${JSON.stringify({ version: 1, ...record }, undefined, 2).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`
