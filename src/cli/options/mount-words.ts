import { usage } from '../../errors.ts'
import { parseMountLimit } from '../../model/mounts/mount-limit.ts'
import { parseInodes, parseMode } from '../../model/mounts/mount-request.ts'
import { parseSize } from '../../model/words/page-size.ts'
import type { Words } from '../command.ts'
import { mountFlagsOption, remountOption } from './mount-option.ts'

/** The options of mount(8) for a hugetlbfs that have a value, each with what reads that value. */
const valuedWords: Readonly<Record<string, (text: string) => unknown>> = {
  pagesize: parseSize,
  size: parseMountLimit,
  min_size: parseMountLimit,
  nr_inodes: parseInodes,
  mode: parseMode,
  uid: String,
  gid: String,
}

/**
 * These words do what is done without them: mount(8) ignores the first, and the second is an option
 * here.
 */
const wordOfNoFlag = 'defaults'
const remountWord = remountOption.name

/** Makes values that mean the same equal: 1G and 1024M, or the modes 770 and 0770. */
const meaningOf = (name: string, text: string): string => {
  const read = valuedWords[name]?.(text)
  return typeof read === 'object' ? String(Object.values(read ?? {})) : String(read)
}

interface Given {
  readonly value: string
  /** The words as they were typed, for an error. */
  readonly typed: string
}

/** Adds a value. Throws E_USAGE where another one was given that means something else. */
const give = (given: Map<string, Given>, name: string, next: Given): void => {
  const before = given.get(name)
  if (before !== undefined && meaningOf(name, before.value) !== meaningOf(name, next.value))
    throw usage(`${before.typed} and ${next.typed} contradict each other`, 'give one of them')
  if (before === undefined) given.set(name, next)
}

/** Names the option that has the meaning of a word: `min_size` of the kernel is --min-size. */
const optionNamed = (word: string): string => word.replaceAll('_', '-')

const givenByOption = ({ values }: Words): readonly (readonly [string, Given])[] =>
  Object.keys(valuedWords).flatMap((name) => {
    const value = values[optionNamed(name)]
    return value === undefined
      ? []
      : [[name, { value, typed: `--${optionNamed(name)} ${value}` }] as const]
  })

/**
 * Takes words of mount(8) such as `pagesize=1G` out of the list of flags, and gives them as the
 * options that they mean. Throws E_USAGE where the option itself says something else.
 */
export const withMountWords = (words: Words): Words => {
  const list = words.values[mountFlagsOption.name]
  if (list === undefined) return words
  const given = new Map(givenByOption(words))
  const flags: string[] = []
  for (const word of list.split(',')) {
    const [, name = '', value = ''] = /^([a-z_]+)=(.*)$/s.exec(word) ?? []
    if (Object.hasOwn(valuedWords, name))
      give(given, name, { value, typed: `--${mountFlagsOption.name} ${word}` })
    else if (word !== wordOfNoFlag && word !== remountWord) flags.push(word)
  }
  const values = [...given].map(([name, { value }]) => [optionNamed(name), value] as const)
  const asked = list.split(',').includes(remountWord) ? [remountWord] : []
  return {
    ...words,
    values: {
      ...words.values,
      ...Object.fromEntries(values),
      [mountFlagsOption.name]: flags.join(','),
    },
    switches: new Set([...words.switches, ...asked]),
  }
}
