import { type ErrorCode, exitCodes, exitPartial } from '../../src/errors.ts'
import { type Ending, main, type Outside } from '../../src/main.ts'
import { visible } from '../../src/model/etc/octal-escapes.ts'
import { present } from '../../src/model/words/present.ts'
import type { Streams } from '../../src/output/streams.ts'
import { fakeClock } from './fake-clock.ts'
import { parseExact } from './json.ts'
import { packaged } from './packaged.ts'

/** What a command line came to, as its caller sees it. */
export interface Result {
  readonly status: Ending
  readonly stdout: string
  readonly stderr: string
}

/** What a test gives to the program beside the streams, as far as it matters there. */
type Given = {
  readonly [Key in keyof Omit<Outside, 'streams' | 'loadNative'>]: Outside[Key] | undefined
}

/** All texts in a JSON value. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** The sentences and hints of standard error that a document lacks. */
export const missingWords = ({ stdout, stderr }: Result): readonly string[] => {
  const all = textsIn(parseExact(stdout)).flatMap((text) => [text, ...text.split('\n')])
  const texts = new Set(all.map(visible))
  // In the document these are texts of keys that say so.
  const begins = ['the real run would be refused: ', 'done before that: ']
  return stderr
    .split('\n')
    .flatMap((line) => /^(?:hugepool: (?:note: )?|hint: )(.*)$/.exec(line)?.[1] ?? [])
    .map((text) => text.slice(begins.find((words) => text.startsWith(words))?.length ?? 0))
    .filter((text) => text.length < 1000 && !texts.has(text))
}

/**
 * Throws where standard error has words that the document on standard output lacks: what a person is
 * told a script can read too.
 */
const checkDocument = (argv: readonly string[], result: Result): void => {
  const isDocument = argv.some((word) => word === '--json' || word === '-J')
  if (!isDocument || !result.stdout.startsWith('{')) return
  // A command that shows results while it runs prints a document on each line.
  const documents = result.stdout.trim().split('\n')
  checkStatus({ ...result, stdout: documents.at(-1) ?? '' })
  const stdout = `[${documents.join()}]`
  const lacking = missingWords({ ...result, stdout })
  if (lacking.length > 0) throw new Error(`the document lacks: ${lacking.join(' | ')}`)
}

/**
 * Throws where the exit status is not the one that the error of a document has: that of its code, or
 * 64 where the document tells of what was done before.
 */
const checkStatus = ({ status, stdout }: Result): void => {
  const { outcome, error } = JSON.parse(stdout)
  if (error === undefined || typeof status !== 'number') return
  const isKept =
    error.done !== undefined ||
    (['done', 'partial'].includes(outcome) && error.reason !== 'not-put-back')
  const expected = isKept ? exitPartial : exitCodes[error.code as ErrorCode]
  if (status !== expected) throw new Error(`status ${status} in place of ${expected}: ${stdout}`)
}

/**
 * Runs a command line within this process, keeps what it prints and never loads the addon. `heard` is
 * called with each text for standard error as it comes. `program` is that of the sources, or the built one.
 */
export const caught = async (
  argv: readonly string[],
  streams: Omit<Streams, 'out' | 'err'>,
  given: Given,
  heard: (text: string) => void = () => {},
  program = main,
): Promise<Result> => {
  const said = { stdout: '', stderr: '' }
  const status = await program(argv, {
    streams: {
      ...streams,
      out: (text) => {
        said.stdout += text
      },
      err: (text) => {
        said.stderr += text
        heard(text)
      },
    },
    loadNative: () => {
      throw new Error('no test on a fake or recorded machine may load the addon')
    },
    packaged,
    ...present({ ...given, clock: given.clock ?? fakeClock() }),
  })
  const result = { status, ...said }
  checkDocument(argv, result)
  return result
}
