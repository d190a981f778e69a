import { usage } from '../errors.ts'
import { checkSequence } from '../model/boot/loaders/hugetlb-sequence.ts'
import type { LoaderChange } from '../operations/boot/loader-change.ts'
import type { PendingWords } from '../operations/boot/pending-words.ts'
import type { Ports } from '../operations/ports.ts'
import type { Words } from './command.ts'
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

/** What is to be installed. */
export interface InstallAsked {
  readonly ask: 'install'
  /** The words; empty where they are written first. */
  readonly sequence: string
  readonly replace: boolean
  readonly dryRun: boolean
}

/** What is asked of the boot loader. */
export type LoaderRequest =
  | InstallAsked
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

const sequenceOf = ({ values }: Words): string => {
  const line = values[lineOption.name]
  if (line === undefined)
    throw usage('--install needs words', 'an ASSIGNMENT, --line or --from-config gives them')
  const sequence = line.trim().replace(/\s+/g, ' ')
  checkSequence(sequence)
  return sequence
}

/**
 * Reads what is asked of the boot loader; undefined where nothing is. Other words can ask for a line
 * that is written first.
 */
export const loaderRequest = (words: Words, isWritten: boolean): LoaderRequest | undefined => {
  const { switches } = words
  const asked = asking.map(({ name }) => name).filter((name) => switches.has(name))
  if (asked.length === 0) {
    const alone = changing.find(({ name }) => switches.has(name))
    if (alone !== undefined) throw usage(`--${alone.name} is for --install and --remove`)
    return undefined
  }
  checkTogether(words, asked)
  const [ask] = asked
  if (isWritten && ask !== 'install')
    throw usage(`--${ask} and words for a new line do not go together`)
  const replace = switches.has(replaceOption.name)
  const dryRun = switches.has(loaderDryRunOption.name)
  if (ask === 'pending') return { ask }
  return ask === 'remove'
    ? { ask, replace, dryRun }
    : { ask: 'install', sequence: isWritten ? '' : sequenceOf(words), replace, dryRun }
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
  return { ask, change: await installWords(ports, request) }
}
