import { plainName, splitLine } from '../../boot/command-line.ts'
import type { Pages } from '../../words/count.ts'
import { memparse } from '../../words/memparse.ts'
import type { PageSize } from '../../words/page-size.ts'

/** The kernel words of a command line by name and value; all behind `--` belongs to init. */
const wordsOf = (line: string): readonly (readonly [name: string, value: string])[] =>
  splitLine(line).words.flatMap(({ name, value }) =>
    value === undefined ? [] : [[plainName(name), value] as const],
  )

/**
 * Reads the value of `hugepages=`: a count, or the form with nodes, whose last count of a node
 * holds. What follows a number is of no effect, and without a number the whole word is rejected.
 */
const countOf = (value: string): Pages | undefined => {
  if (!/^\d+:/.test(value)) {
    const digits = /^\d+/.exec(value)?.[0]
    return digits === undefined ? undefined : BigInt(digits)
  }
  const nodes = new Map<string, Pages>()
  for (const part of value.split(',').filter((each) => each !== '')) {
    const [, node, digits] = /^(\d+):(\d+)/.exec(part) ?? []
    if (node === undefined || digits === undefined) return undefined
    nodes.set(node, BigInt(digits))
  }
  return [...nodes.values()].reduce((sum, pages) => sum + pages, 0n)
}

/** What hugepages_setup and its neighbours keep between two words. */
interface LineState {
  readonly counts: Map<PageSize, Pages>
  /** The size that the next count belongs to; undefined means the default size. */
  current: PageSize | undefined
  valid: boolean
  defaultSize: PageSize | undefined
  implicit: Pages
  /** The size that the last count was for, `none` before the first one. */
  last: PageSize | 'implicit' | 'none'
}

const supported = (value: string, sizes: readonly PageSize[]): PageSize | undefined => {
  const size = memparse(value)?.value
  return size !== undefined && sizes.includes(size) ? size : undefined
}

const takeSize = (state: LineState, size: PageSize | undefined): void => {
  state.valid = false
  if (size === undefined) return
  const isNew = !state.counts.has(size)
  if (!isNew && !(state.defaultSize === size && state.counts.get(size) === 0n)) return
  if (isNew) state.counts.set(size, 0n)
  state.current = size
  state.valid = true
}

const takeDefault = (state: LineState, size: PageSize | undefined): void => {
  state.valid = false
  if (state.defaultSize !== undefined || size === undefined) return
  if (!state.counts.has(size)) {
    state.counts.set(size, 0n)
    state.current = size
  }
  state.valid = true
  state.defaultSize = size
  if (state.implicit > 0n) state.counts.set(size, state.implicit)
  state.implicit = 0n
}

const takeCount = (state: LineState, value: string): void => {
  const { current } = state
  const target = current ?? 'implicit'
  const { valid } = state
  state.valid = true
  if (!valid || state.last === target) return
  const pages = countOf(value)
  if (current === undefined) state.implicit = pages ?? 0n
  else state.counts.set(current, pages ?? 0n)
  if (pages !== undefined || value === '') state.last = target
}

/**
 * Returns the pages of each size that the words of a kernel command line ask for, by the rules of
 * hugepages_setup, hugepagesz_setup and default_hugepagesz_setup in mm/hugetlb.c. `sizes` are those
 * that the machine has, and `usual` is the default size without a word for it. Whether there was
 * memory for the pages does not show.
 */
export const pagesOnLine = (
  line: string,
  sizes: readonly PageSize[],
  usual: PageSize | undefined,
): ReadonlyMap<PageSize, Pages> => {
  const state: LineState = {
    counts: new Map(),
    current: undefined,
    valid: true,
    defaultSize: undefined,
    implicit: 0n,
    last: 'none',
  }
  for (const [name, value] of wordsOf(line)) {
    if (name === 'hugepagesz') takeSize(state, supported(value, sizes))
    if (name === 'default_hugepagesz') takeDefault(state, supported(value, sizes))
    if (name === 'hugepages') takeCount(state, value)
  }
  if (state.implicit > 0n && usual !== undefined) state.counts.set(usual, state.implicit)
  return state.counts
}

/** The words `sysctl.NAME=VALUE` of a command line, as lines of sysctl.conf(5). */
export const sysctlsOnLine = (line: string): string =>
  wordsOf(line)
    .flatMap(([name, value]) =>
      name.startsWith('sysctl.') ? [`${name.slice('sysctl.'.length)}=${value}`] : [],
    )
    .join('\n')
