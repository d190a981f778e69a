/** An option as typed, as helped and as completed: parser, help, manual and completion share it. */
export interface Option {
  readonly name: string
  readonly letter?: string
  /** What the value is called; absent for a switch. */
  readonly value?: string
  /** The only values there are. */
  readonly choices?: readonly string[]
  /** Names of options that contradict it. */
  readonly excludes?: readonly string[]
  readonly help: string
  /** The column that is shown with this switch and, unless it is chosen, not without. */
  readonly column?: string
}

export const isSwitch = ({ value }: Option): boolean => value === undefined
export const isValued = ({ value }: Option): boolean => value !== undefined

/** A document is always whole and has no layout. */
export const json = {
  name: 'json',
  letter: 'J',
  excludes: ['raw', 'output', 'output-all'],
  help: 'print one JSON document',
}
export const raw = { name: 'raw', letter: 'r', help: 'print one space between fields, no padding' }
export const bytes = { name: 'bytes', letter: 'b', help: 'print the sizes of a table in bytes' }
export const noHeadings = { name: 'noheadings', letter: 'n', help: 'print no headings' }
export const output = {
  name: 'output',
  letter: 'o',
  value: 'COL,COL',
  excludes: ['output-all'],
  help: 'print these columns; +COL adds to the usual ones',
}
export const outputAll = { name: 'output-all', help: 'print all columns' }
export const colour = {
  name: 'color',
  value: 'WHEN',
  choices: ['auto', 'always', 'never'],
  help: 'use colour: auto, always or never',
}
export const sysroot = {
  name: 'sysroot',
  letter: 's',
  value: 'DIR',
  help: 'use DIR instead of / (a recorded machine)',
}
export const help = { name: 'help', letter: 'h', help: 'print this help' }
export const version = { name: 'version', help: 'print the version' }

/** What every command has. */
export const commonOptions: readonly Option[] = [
  json,
  raw,
  bytes,
  noHeadings,
  output,
  outputAll,
  colour,
  sysroot,
  help,
  version,
]

export const perNode = {
  name: 'per-node',
  letter: 'N',
  help: 'add a line for every NUMA node',
  column: 'NODE',
}
export const dryRun = { name: 'dry-run', help: 'print what would be written, write nothing' }
export const node = {
  name: 'node',
  value: 'NODES',
  help: 'apply each COUNT to each of these nodes: 0-3,5 or all',
}
export const allOrNothing = {
  name: 'all-or-nothing',
  help: 'if anything falls short, put every pool of this call back and exit 1',
}
export const allOrNone = {
  name: 'all-or-nothing',
  help: 'split nothing and exit 1 unless all pages asked for can be split',
}
export const compact = {
  name: 'compact',
  help: 'if pages fall short, compact memory and try again while that gains pages',
}
export const leave = {
  name: 'leave',
  value: 'AMOUNT',
  help: 'refuse to leave less memory available than this; 0 lets the kernel try',
}
export const memoryPolicy = {
  name: 'mempolicy',
  value: 'POLICY',
  help: 'grow and shrink under bind:NODES, interleave:NODES or preferred:NODE',
}
export const noWait = { name: 'no-wait', help: 'fail at once if another hugepool is at work' }
export const lazy = {
  name: 'lazy',
  help: 'remove it even if it is busy: what is in use lives on until nobody holds it',
}
export const unpersist = {
  name: 'persist',
  help: "remove what 'mount --persist' wrote, too",
}
export const to = { name: 'to', value: 'SIZE', help: 'split into pages of this size' }
