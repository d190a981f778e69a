import { formatBytes } from '../words/bytes.ts'
import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { type BootMachine, nodesWithMemory } from './boot-machine.ts'
import { type LineWord, plainName } from './command-line.ts'
import { lastNumbers } from './idle-words.ts'
import { kernelMessages } from './kernel-messages.ts'
import { whyCutOff, whyUnknown } from './our-words.ts'
import type { WordFate } from './read-line.ts'
import { isPageWord, isRelatedWord, sysctlOf } from './related-words.ts'

const leaveOut = 'leave it out'

const eitherOf = (words: readonly string[]): string => words.join(' or ')

const sizeChoices = (name: string, { sizes }: BootMachine): string =>
  eitherOf(sizes.map((size) => `${name}=${formatSize(size)}`))

/** Writes the form of a count with a number for each node that has memory. */
const nodeForm = (machine: BootMachine): string =>
  `hugepages=${nodesWithMemory(machine)
    .map(({ node }) => `${node}:N`)
    .join(',')}`

/**
 * Writes `0-1:2;3:4` as the kernel reads it: `0:2,1:2,3:4`. Undefined for a text of another form.
 */
const mendedNodes = (value: string): string | undefined => {
  const parts = value.split(/[;,]/).filter((part) => part !== '')
  const mended = parts.map((part) => {
    const [, first, last = first, pages] = /^(\d{1,4})(?:-(\d{1,4}))?:(\d+)/.exec(part) ?? []
    if (first === undefined || Number(last) < Number(first)) return undefined
    const length = Number(last) - Number(first) + 1
    return Array.from({ length }, (_, at) => `${Number(first) + at}:${pages}`).join(',')
  })
  return mended.includes(undefined) || mended.length === 0 ? undefined : mended.join(',')
}

/**
 * Mends a count of which the kernel reads only a part: it writes nodes as the kernel takes them,
 * and of another text the digits at its beginning. Undefined where there are none.
 */
const mendedCount = ({ value = '' }: LineWord): string | undefined => {
  if (/^\d+(?:-\d+)?:/.test(value)) {
    const nodes = mendedNodes(value)
    return nodes && `hugepages=${lastNumbers(nodes).text}`
  }
  const digits = /^0*(\d+)/.exec(value)?.[1]
  return digits && `hugepages=${digits}`
}

/**
 * Says what can stand in place of an area that the kernel refuses: a multiple of the page that its
 * message names, or the form of a value.
 */
const mendedArea = ({ value = '' }: LineWord, message: string): string => {
  const mebibytes = /(?:multiple of|at least) (\d+) MiB/.exec(message)?.[1]
  return mebibytes === undefined
    ? `hugetlb_cma=${value.includes(':') ? 'NODE:SIZE' : 'SIZE'}`
    : `hugetlb_cma= with a multiple of ${formatBytes(BigInt(mebibytes) << 20n)}`
}

const choicesOf: Readonly<Record<string, string>> = {
  hugetlb_free_vmemmap: 'hugetlb_free_vmemmap=on or hugetlb_free_vmemmap=off',
  hugetlb_cma_only: 'hugetlb_cma_only=1 or hugetlb_cma_only=0',
  hugepage_alloc_threads: 'hugepage_alloc_threads=N',
  hugetlb_cma: 'hugetlb_cma=SIZE',
  hugepages: 'hugepages=N',
}

/** Writes a word with the values that the kernel takes. */
const rightForm = (name: string, machine: BootMachine): string =>
  name === 'hugepagesz' || name === 'default_hugepagesz'
    ? sizeChoices(name, machine)
    : (choicesOf[name] ?? `${name}=N`)

const isKnownName = (name: string): boolean =>
  isPageWord(name) || isRelatedWord(name) || sysctlOf(name) !== undefined

/**
 * Mends a word that the kernel does not know because letters are in the wrong case, or because a
 * blank parts it from the `=` of the word before it.
 */
const mistyped = ({ name, value }: LineWord, before: LineWord | undefined): string => {
  const right = plainName(name).toLowerCase()
  return isKnownName(right)
    ? `${right}${value === undefined ? '' : `=${value}`}`
    : `${before?.name ?? 'hugepages'}=${name} without a blank`
}

const ofCount = (fate: WordFate, machine: BootMachine): string => {
  const { word, message = '', why = '' } = fate
  if (why.includes('wraps')) return nodeForm(machine)
  if (message.includes('does not follow'))
    return `${sizeChoices('hugepagesz', machine)} before it, once`
  if (message.includes('without interleaving')) return 'leave it out, or put hugepagesz= before it'
  if (message === kernelMessages.skipped) return 'leave it out, or hugetlb_cma='
  const mended = message === '' ? mendedCount(word) : undefined
  if (mended === word.text) return 'hugepages=N: this kernel reads no nodes'
  return mended ?? `hugepages=N or ${nodeForm(machine)}`
}

const ofShort = ({ message, why, word }: WordFate): string => {
  const got =
    /Only allocated (\d+)/.exec(message ?? '')?.[1] ?? /^(\d+) pages?/.exec(why ?? '')?.[1]
  return got === undefined
    ? 'less, or another node'
    : `${plural(BigInt(got), 'page')} ${word.value?.includes(':') ? 'there ' : ''}at most`
}

/**
 * Says what can be written in place of a word that is ignored, by its name and the kernel's
 * message.
 */
const byName = (fate: WordFate, machine: BootMachine): string => {
  const { word, message = '' } = fate
  const name = plainName(word.name)
  if (name === 'hugepages') return ofCount(fate, machine)
  if (message.includes('specified twice') || message.includes('previously specified'))
    return leaveOut
  if (name === 'hugetlb_cma' && message.startsWith('hugetlb_cma:')) return mendedArea(word, message)
  return rightForm(name, machine)
}

/**
 * Tells whether this kernel knows a word with no value at all. A kernel that does not know
 * `hugepage_alloc_threads` without a value may know it with one.
 */
const isNoWordHere = ({ word, message = '', why }: WordFate): boolean => {
  const name = plainName(word.name)
  if (isPageWord(name) || (name === 'hugepage_alloc_threads' && word.value === undefined))
    return false
  return message.startsWith('Unknown') || why === whyUnknown
}

/**
 * Says in a few words what can be written in place of a word that is not used as it stands.
 * `before` is the word about huge pages that stands before it on the line.
 */
export const insteadOf = (fate: WordFate, machine: BootMachine, before?: LineWord): string => {
  const { word, result, why = '' } = fate
  if (result === 'used' && plainName(word.name) === 'hugepagesz') return `${word.text} hugepages=N`
  if (result === 'overridden') return leaveOut
  if (result === 'short') return ofShort(fate)
  if (why === whyCutOff) return 'a shorter line'
  if (result === 'dropped') return `fewer words: ${machine.wordsKept} are kept`
  if (why.includes('behind --')) return `${word.text} before --`
  if (!isKnownName(plainName(word.name))) return mistyped(word, before)
  if (isNoWordHere(fate)) return leaveOut
  if (word.value === undefined || result === 'no-boot')
    return rightForm(plainName(word.name), machine)
  return byName(fate, machine)
}
