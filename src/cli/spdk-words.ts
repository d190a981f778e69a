import type { ForeignWord } from './foreign-words.ts'

/** Reads the variables of a line, in which a word with brackets is quoted. */
const variablesIn = (line: string): ReadonlyMap<string, string> =>
  new Map(
    [...line.matchAll(/ ('?)([A-Z_]+)=([^ ']+)\1(?= )/g)].map(([, , name = '', value = '']) => [
      name,
      value,
    ]),
  )

const isNumber = (text: string): boolean => /^\d+$/.test(text)

/**
 * Reads the nodes of HUGENODE: `0,1`, or with counts `nodes_hp[0]=64,nodes_hp[1]=32,2`. The script
 * passes over any other word.
 */
const countsOfNodes = (nodes: string, count: string): string => {
  const counts = nodes.split(',').flatMap((word): readonly string[] => {
    const [, node, pages] = /^nodes_hp\[(\d+)\]=(\d+)$/.exec(word) ?? []
    if (node !== undefined) return [`${node}:${pages}`]
    return isNumber(word) ? [`${word}:${count}`] : []
  })
  return counts.length === 0 ? 'NODE:COUNT' : counts.join(',')
}

const countOf = (variables: ReadonlyMap<string, string>): string => {
  const pages = variables.get('NRHUGE')
  const mebibytes = variables.get('HUGEMEM') ?? '2048'
  if (pages !== undefined) return isNumber(pages) ? pages : 'COUNT'
  return isNumber(mebibytes) ? `${mebibytes}M` : 'AMOUNT'
}

/**
 * Without nodes the script sets the pool of the default size, whatever HUGEPGSZ says, and heeds
 * PERSIST_HUGE only then. It leaves a larger pool as it is, unless it may shrink it or clears it
 * first.
 */
const reservingHere = (variables: ReadonlyMap<string, string>): string => {
  const isSaid = (name: string): boolean => variables.get(name) === 'yes'
  const nodes = variables.get('HUGENODE')
  const kilobytes = variables.get('HUGEPGSZ')
  const count = countOf(variables)
  const clears = isSaid('CLEAR_HUGE') && nodes !== undefined
  const size = nodes === undefined || kilobytes === undefined ? 'default' : `${kilobytes}kB`
  const counts = nodes === undefined ? count : countsOfNodes(nodes, count)
  const persists = isSaid('PERSIST_HUGE') && nodes === undefined ? ' --persist' : ''
  const isLeast = !isSaid('SHRINK_HUGE') && !isSaid('CLEAR_HUGE')
  return [
    clears ? "'hugepool resize default=0', then " : '',
    `'hugepool resize ${size}=${counts}${persists}'`,
    isLeast ? ', which takes pages away too, as SHRINK_HUGE=yes does' : '',
  ].join('')
}

/**
 * The modes of the script that are about pages and their files, except the one that reserves pages.
 */
const modes: Readonly<Record<string, string>> = {
  status: "'hugepool list --per-node'",
  reset: "'hugepool files --clean' removes the files that nobody has",
  cleanup:
    "'hugepool resize default=0', and 'rm /usr/local/lib/sysctl.d/99-spdk.conf' for what PERSIST_HUGE=yes wrote",
}

const setupHere = (line: string): string => {
  const [, mode = ''] = / (?:\S*\/)?setup\.sh ([a-z]+)(?= )/.exec(line) ?? []
  return modes[mode] ?? reservingHere(variablesIn(line))
}

/** The modes and variables of setup.sh of SPDK, and what is written here instead. */
export const spdkWords: readonly ForeignWord[] = [
  [
    / (?:(?:\S*\/)?setup\.sh|('?)(?:NRHUGE|HUGEMEM|HUGENODE|HUGEPGSZ|(?:CLEAR|SHRINK|PERSIST)_HUGE)=[^ ']+\1) /,
    setupHere,
  ],
]
