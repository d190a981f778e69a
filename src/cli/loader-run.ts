import { usage } from '../errors.ts'
import { checkSequence } from '../model/boot/loaders/hugetlb-sequence.ts'
import type { LoaderChange } from '../operations/boot/loader-change.ts'
import type { PendingWords } from '../operations/boot/pending-words.ts'
import type { Ports } from '../operations/ports.ts'
import type { Words } from './command.ts'
import { writeTypedLine } from './line-run.ts'
import {
  archOption,
  basePageOption,
  checkLineOption,
  kernelOption,
  lineOption,
} from './options/boot-option.ts'
import {
  installOption,
  loaderDryRunOption,
  pendingOption,
  removeOption,
  replaceOption,
} from './options/loader-option.ts'
import { type TypedLine, typedLine } from './typed-line.ts'

/** What is asked of the boot loader. */
export type LoaderRequest =
  | {
      readonly ask: 'install'
      /** The words themselves, or what they have to bring. */
      readonly words: string | TypedLine
      readonly replace: boolean
      readonly dryRun: boolean
    }
  | { readonly ask: 'remove'; readonly replace: boolean; readonly dryRun: boolean }
  | { readonly ask: 'pending' }

export type LoaderResult =
  | { readonly ask: 'install' | 'remove'; readonly change: LoaderChange }
  | { readonly ask: 'pending'; readonly pending: PendingWords }

const asking = [installOption, removeOption, pendingOption] as const
const changing = [replaceOption, loaderDryRunOption] as const
const explaining = [checkLineOption, kernelOption, archOption, basePageOption] as const

/** Throws E_USAGE for options that have no meaning together. */
const checkTogether = ({ switches, values }: Words, asked: readonly string[]): void => {
  const given = (name: string): boolean => switches.has(name) || values[name] !== undefined
  const [first, second] = asked
  if (second !== undefined) throw usage(`--${first} and --${second} do not go together`)
  const idle = [...explaining, ...(first === installOption.name ? [] : [lineOption])].find(
    ({ name }) => given(name),
  )
  if (idle !== undefined) throw usage(`--${idle.name} and --${first} do not go together`)
  const alone = changing.find(({ name }) => given(name))
  if (first === pendingOption.name && alone !== undefined)
    throw usage(`--${alone.name} is for --install and --remove`)
}

/** Reads the words to install, or what they have to bring. */
const toInstall = (words: Words): string | TypedLine => {
  const line = words.values[lineOption.name]
  const written = typedLine(words)
  if (written !== undefined) return written
  if (line === undefined)
    throw usage(
      '--install needs words',
      "'1G=0:2,1:2', --from-config or --line 'hugepagesz=1G hugepages=0:2,1:2' gives them",
    )
  const sequence = line.trim().replace(/\s+/g, ' ')
  checkSequence(sequence)
  return sequence
}

/** Reads what is asked of the boot loader; undefined where a line is to be explained. */
export const loaderRequest = (words: Words): LoaderRequest | undefined => {
  const { switches } = words
  const asked = asking.map(({ name }) => name).filter((name) => switches.has(name))
  if (asked.length === 0) {
    const alone = changing.find(({ name }) => switches.has(name))
    if (alone !== undefined) throw usage(`--${alone.name} is for --install and --remove`)
    return undefined
  }
  checkTogether(words, asked)
  const [ask] = asked
  const replace = switches.has(replaceOption.name)
  const dryRun = switches.has(loaderDryRunOption.name)
  if (ask !== 'install' && typedLine(words) !== undefined)
    throw usage(`--${ask} takes no words`, 'what was installed is known')
  if (ask === 'pending') return { ask }
  return ask === 'remove'
    ? { ask, replace, dryRun }
    : { ask: 'install', words: toInstall(words), replace, dryRun }
}

/** Returns the words to install, which may have to be written first. */
const sequenceOf = async (
  words: string | TypedLine,
  ports: Ports,
): Promise<{ readonly sequence: string; readonly warnings: readonly string[] }> => {
  if (typeof words === 'string') return { sequence: words, warnings: [] }
  const { line, warnings } = await writeTypedLine(words, {}, ports)
  checkSequence(line)
  return { sequence: line, warnings }
}

/** Does what is asked of the boot loader. */
export const runLoader = async (request: LoaderRequest, ports: Ports): Promise<LoaderResult> => {
  const { ask } = request
  if (ask === 'pending') {
    const { pendingWords } = await import('../operations/boot/pending-words.ts')
    return { ask, pending: await pendingWords(ports) }
  }
  if (ask === 'remove') {
    const { removeWords } = await import('../operations/boot/remove-words.ts')
    return { ask, change: await removeWords(ports, request) }
  }
  const { installWords } = await import('../operations/boot/install-words.ts')
  const { replace, dryRun } = request
  const { sequence, warnings } = await sequenceOf(request.words, ports)
  const change = await installWords(ports, { sequence, replace, dryRun })
  return { ask, change: { ...change, notes: [...warnings, ...change.notes] } }
}
