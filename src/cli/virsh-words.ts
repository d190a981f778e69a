import type { ForeignWord } from './foreign-words.ts'

interface TypedPages {
  readonly size?: string | undefined
  readonly count?: string | undefined
  readonly node?: string | undefined
  readonly isTyped: (flag: string) => boolean
}

/** virsh(1) takes words without an option by their place, and a size without a unit in KiB. */
const typedPages = (line: string, places: readonly string[]): TypedPages => {
  const named = / --(pagesize|pagecount|cellno)[ =](\S+)(?= )/g
  const values = new Map(
    [...line.matchAll(named)].map(([, name = '', value = '']) => [name, value] as const),
  )
  const rest = line.replaceAll(named, '').split(' ')
  const unnamed = rest.filter((word) => word !== '' && !word.startsWith('-'))
  const left = places.filter((name) => !values.has(name))
  const typedAs = (name: string): string | undefined =>
    values.get(name) ?? (left.includes(name) ? unnamed[left.indexOf(name)] : undefined)
  return {
    size: typedAs('pagesize'),
    count: typedAs('pagecount'),
    node: typedAs('cellno'),
    isTyped: (flag) => rest.includes(flag),
  }
}

const sizeHere = (size = ''): string | undefined => {
  if (/^\d+$/.test(size)) return `${size}kB`
  return /^\d+[KMGTkmgt](?:iB)?$/.test(size) ? size : undefined
}

const numberOr = (word: string, typed = ''): string => (/^\d+$/.test(typed) ? typed : word)

const behind = (command: string) => (line: string) =>
  line.slice(line.indexOf(` ${command} `) + 1 + command.length)

/** The count of virsh(1) is of the whole pool, of one cell, or of each cell with --all. */
const allocationHere = (line: string): string => {
  const typed = typedPages(behind('allocpages')(line), ['pagesize', 'pagecount', 'cellno'])
  const { size, count, node, isTyped } = typed
  const at = node === undefined ? '' : `${numberOr('NODE', node)}:`
  const sign = isTyped('--add') ? '+' : ''
  const each = isTyped('--all') ? ' --node all' : ''
  return `'hugepool resize ${sizeHere(size) ?? 'SIZE'}=${at}${sign}${numberOr('COUNT', count)}${each}'`
}

const freeHere = (line: string): string => {
  const { size } = typedPages(behind('freepages')(line), ['cellno', 'pagesize'])
  const known = sizeHere(size)
  return `'hugepool list ${known === undefined ? '' : `${known} `}--per-node'`
}

/** The commands of virsh(1) that are about pages, and what is written here instead. */
export const virshWords: readonly ForeignWord[] = [
  [/ allocpages /, allocationHere],
  [/ freepages /, freeHere],
]
