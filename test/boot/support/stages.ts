import type { Test } from 'tap'
import type { Files } from './cpio.ts'
import { boot, type Wanted } from './machine.ts'

const part = '@@'

/** One start of a machine that has others before and after it. */
export interface Stage {
  /** Commands of sh, each with output of its own. */
  readonly parts: readonly string[]
  /** What is put in place at the end, for the next start. `check` is asked about that one then. */
  readonly next?: Files
}

/** What a stage has written: each of its parts, and what `check` foretells. */
interface Said {
  readonly said: readonly string[]
  readonly foretelling: string
}

/** Where files are until they are put in their place. */
const nextDirectory = '/root/next'

const placeNext = `[ ! -d ${nextDirectory} ] || cp -r ${nextDirectory}/. /
rm -rf ${nextDirectory}
hugepool check --json || [ $? = 5 ]`

/** Starts a machine from a disk, and gives what its commands have written. */
export const runStage = async (
  t: Test,
  { parts, next = {} }: Stage,
  wanted: Omit<Wanted, 'script'>,
): Promise<Said> => {
  const later = Object.entries(next).map(([path, text]) => [`${nextDirectory}${path}`, text])
  const files = { ...wanted.files, ...Object.fromEntries(later) }
  const script = [...parts, placeNext].join(`\necho ${part}\n`)
  const output = await boot(t, { ...wanted, files, script })
  const said = output.split(`${part}\n`)
  return { said: said.slice(0, -1), foretelling: said.at(-1) ?? '' }
}
