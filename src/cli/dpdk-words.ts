import type { ForeignWord } from './foreign-words.ts'

const amount = '\\d+[KMGkmg][Bb]?'
const nodeWord = ' (?:-n|--node)[ =]?(\\d+) '
const sizeWord = ` (?:-p|--pagesize)[ =]?(${amount}) `
const reserveWord = ` (?:-r|--reserve)[ =]?(${amount}) `

const valueBehind = (line: string, letter: string, name: string): string | undefined =>
  new RegExp(` (?:-${letter}|--${name})[ =]?([^ -]\\S*) `).exec(line)?.[1]

/** A directory that is named has to be there already, or the script fails. */
const mountHere = (line: string, usualSize = ' --pagesize SIZE'): string => {
  const directory = valueBehind(line, 'd', 'directory')
  const size = valueBehind(line, 'p', 'pagesize')
  const user = valueBehind(line, 'U', 'user')
  const group = valueBehind(line, 'G', 'group')
  return [
    `'hugepool mount ${directory ?? 'DIR'}`,
    size === undefined ? usualSize : ` --pagesize ${size}`,
    directory === undefined ? ' --mkdir' : '',
    user === undefined ? '' : ` --uid ${user}`,
    group === undefined ? '' : ` --gid ${group}`,
    "'",
  ].join('')
}

/** The script clears all pools and unmounts, then reserves, and then mounts. */
const setupHere = (line: string): string => {
  const [, typed] = new RegExp(` --setup[ =](${amount}) `).exec(line) ?? []
  const size = valueBehind(line, 'p', 'pagesize') ?? (typed === undefined ? 'SIZE' : 'default')
  const node = valueBehind(line, 'n', 'node')
  const command =
    node === undefined
      ? `'hugepool resize ${size}=${typed ?? 'AMOUNT'} --node all' for so much on each node`
      : `'hugepool resize ${size}=${node}:${typed ?? 'AMOUNT'}'`
  return `${command}, then ${mountHere(line, '')}`
}

/** The options of dpdk-hugepages.py, and what is written here instead. */
export const dpdkWords: readonly ForeignWord[] = [
  [/ --setup[ =]/, setupHere],
  [
    new RegExp(`^(?=.*${nodeWord})(?=.*${sizeWord})(?=.*${reserveWord}).*$`),
    "'hugepool resize $2=$1:$3'",
  ],
  [
    new RegExp(`^(?=.*${sizeWord})(?=.*${reserveWord}).*$`),
    "'hugepool resize $1=$2 --node all' for so much on each node",
  ],
  [
    new RegExp(`^(?=.*${nodeWord})(?: -| .* -)(?:r|-reserve)[ =]?(${amount}) .*$`),
    "'hugepool resize default=$1:$2'",
  ],
  [
    new RegExp(` --reserve[ =](${amount}) |(?<! list(?= ).*) -r ?(${amount}) `),
    "'hugepool resize default=$1$2 --node all' for so much on each node; -r is --raw here",
  ],
  [/ --reserve /, "'hugepool resize SIZE=AMOUNT --node all'"],
  [/ (?:--clear|-c) /, "'hugepool resize SIZE=0' for each size of 'hugepool list'"],
  [/ --show | -s $/, "'hugepool list --per-node'; -s is --sysroot here"],
  [/(?<! test(?= ).*) (?:--mount|-m) (?!.*test )/, (line) => mountHere(line)],
  [
    / (?:--unmount|-u) /,
    (line) => `'hugepool umount ${valueBehind(line, 'd', 'directory') ?? 'DIR'}'`,
  ],
  [/ (?:--directory|-d)[ =]?(\/\S*) /, "the directory stands alone: 'hugepool mount $1'"],
  [/ mount .*(?:-U|--user)[ =](\S+) /, '--uid $1'],
  [/ mount .*(?:-G|--group)[ =](\S+) /, '--gid $1'],
]
