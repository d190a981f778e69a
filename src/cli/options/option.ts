import { roundings } from '../../model/words/count.ts'

/** The description of an option, which parser, help, manual and completion share. */
export interface Option {
  readonly name: string
  readonly letter?: string
  /** The name of the value, such as `NODES`; absent for a switch. */
  readonly value?: string
  /**
   * The value of the option where none is typed after `=`. Such an option never takes the next
   * word.
   */
  readonly bare?: string
  /** The only values that are accepted. */
  readonly choices?: readonly string[]
  /** Names of options that cannot be given together with this one. */
  readonly excludes?: readonly string[]
  readonly help: string
  /**
   * The column that this switch adds, or several. Without the switch they are shown only where
   * --output names them.
   */
  readonly column?: string | readonly string[]
  /** The columns that some of the values add. */
  readonly columns?: Readonly<Record<string, string>>
}

export const isSwitch = ({ value }: Option): boolean => value === undefined
export const isValued = ({ value }: Option): boolean => value !== undefined
/** Whether the word after the option is its value. */
export const takesNextWord = ({ value, bare }: Option): boolean =>
  value !== undefined && bare === undefined

/**
 * Excludes the options for columns and layout, because a document is always whole and has no
 * layout.
 */
export const jsonOption = {
  name: 'json',
  letter: 'J',
  excludes: ['raw', 'pairs', 'output', 'output-all'],
  help: 'print one JSON document',
}
export const rawOption = {
  name: 'raw',
  letter: 'r',
  excludes: ['pairs'],
  help: 'print one space between fields, no padding',
}
export const pairsOption = {
  name: 'pairs',
  letter: 'P',
  help: 'print every line as KEY="value" pairs',
}
export const bytesOption = {
  name: 'bytes',
  letter: 'b',
  help: 'print the sizes of a table in bytes',
}
export const noHeadingsOption = { name: 'noheadings', letter: 'n', help: 'print no headings' }
export const outputOption = {
  name: 'output',
  letter: 'o',
  value: 'COL,COL',
  excludes: ['output-all'],
  help: 'print these columns; +COL adds to the usual ones',
}
export const outputAllOption = { name: 'output-all', help: 'print all columns' }
export const colourOption = {
  name: 'color',
  value: 'WHEN',
  choices: ['auto', 'always', 'never'],
  help: 'use colour: auto, always or never',
}
export const quietOption = {
  name: 'quiet',
  letter: 'q',
  help: 'print no notes and no progress',
}
export const sysrootOption = {
  name: 'sysroot',
  letter: 's',
  value: 'DIR',
  help: 'use DIR instead of / (a recorded machine)',
}
export const helpOption = { name: 'help', letter: 'h', help: 'print this help' }
export const versionOption = { name: 'version', help: 'print the version' }

/** The options that every command has. */
export const commonOptions: readonly Option[] = [
  jsonOption,
  rawOption,
  pairsOption,
  bytesOption,
  noHeadingsOption,
  outputOption,
  outputAllOption,
  colourOption,
  quietOption,
  sysrootOption,
  helpOption,
  versionOption,
]

export const perNodeOption = {
  name: 'per-node',
  letter: 'N',
  help: 'add a line for every NUMA node',
  column: 'NODE',
}
export const dryRunOption = { name: 'dry-run', help: 'print what would be written, write nothing' }
export const nodeOption = {
  name: 'node',
  value: 'NODES',
  help: 'apply each COUNT to each of these nodes: 0-3,5 or all',
}
export const changeAllOrNothingOption = {
  name: 'all-or-nothing',
  help: 'if anything falls short, put every pool of this call back and exit 1',
}
export const keepGoingOption = {
  name: 'keep-going',
  excludes: ['all-or-nothing'],
  help: 'do what can be had, leave out or cut what cannot, and exit 64',
}
export const demoteAllOrNothingOption = {
  name: 'all-or-nothing',
  help: 'split nothing and exit 1 unless all pages asked for can be split',
}
export const compactOption = {
  name: 'compact',
  help: 'if pages fall short, compact memory and try again while that gains pages',
}
export const leaveOption = {
  name: 'leave',
  value: 'AMOUNT',
  help: 'refuse to leave less memory available than this; 0 lets the kernel try',
}
export const memoryPolicyOption = {
  name: 'mempolicy',
  value: 'POLICY',
  help: 'grow and shrink under bind:NODES, interleave:NODES or preferred:NODE',
}
export const roundOption = {
  name: 'round',
  value: 'WAY',
  choices: roundings,
  help: 'round memory that is no whole number of pages up or down',
}
export const noWaitOption = { name: 'no-wait', help: 'fail at once if another hugepool is at work' }
export const noProgressOption = {
  name: 'no-progress',
  help: 'show no progress, as a terminal does after a second',
}
export const lazyOption = {
  name: 'lazy',
  letter: 'l',
  help: 'remove it even if it is busy: what is in use lives on until nobody holds it',
}
export const unpersistOption = {
  name: 'persist',
  help: "remove what 'mount --persist' wrote, too",
}
export const persistWhenOption = {
  name: 'persist',
  value: 'WHEN',
  bare: 'now',
  choices: ['now', 'only'],
  help: 'keep it for later starts too, in /etc/hugepool.d; =only changes nothing now',
}
export const toOption = { name: 'to', value: 'SIZE', help: 'split into pages of this size' }
