import type { Argv } from 'yargs'
import { exitCodes, exitNo, exitPartial } from '../errors.ts'
import { present } from '../model/words/present.ts'
import type { AnyCommand } from './command.ts'
import { commands, optionsOf } from './commands.ts'
import { commonOptions, type Option } from './options/option.ts'
import { helpWidth, quietYargs } from './quiet-yargs.ts'

type Row = readonly [left: string, right: string]

const widest = (texts: readonly string[]): number =>
  texts.reduce((width, text) => Math.max(width, text.length), 0)

/**
 * Formats the columns, the examples and the exit statuses. yargs has no sections for columns and
 * exit statuses, and it breaks the command lines of examples. Here the right text of a long row
 * goes on the line below.
 */
const section = (title: string, rows: readonly Row[]): readonly string[] => {
  if (rows.length === 0) return []
  const room = helpWidth - 4 - widest(rows.map(([, right]) => right))
  const column = widest(rows.map(([left]) => left).filter((left) => left.length <= room))
  const lines = rows.flatMap(([left, right]) =>
    left.length <= column
      ? [`  ${left.padEnd(column)}  ${right}`]
      : [`  ${left}`, `${' '.repeat(column + 4)}${right}`],
  )
  return [`${title}:`, ...lines, '']
}

/** Adds the name of the value to the name of the option, because yargs would not show it. */
const shownName = ({ name, value, bare }: Option): string => {
  if (value === undefined) return name
  return bare === undefined ? `${name} ${value}` : `${name}[=${value}]`
}

const tellOptions = (told: Argv, title: string, options: readonly Option[]): void => {
  for (const option of options)
    told.option(
      shownName(option),
      present({ description: option.help, group: `${title}:`, alias: option.letter }),
    )
}

const helpText = (told: Argv): string => {
  let text = ''
  told.showHelp((help) => {
    text = `${help}\n`
  })
  return text
}

const exitRows: readonly Row[] = [
  ['0', 'done, or nothing to do'],
  [`${exitCodes.E_KERNEL}`, 'the kernel refused, or hugepool did: too little memory would remain'],
  [`${exitCodes.E_USAGE}`, 'wrong words; nothing was touched'],
  [`${exitCodes.E_PERMISSION}`, 'permission denied, or a read-only /sys or /proc'],
  [`${exitCodes.E_UNSUPPORTED}`, 'this machine has no such page size, node or feature'],
  [`${exitNo}`, 'the answer is no'],
  [`${exitPartial}`, 'partial: some was done, and the result says how much'],
  [`${exitCodes.E_BUG}`, 'a fault of hugepool itself'],
]

export const commandHelp = (command: AnyCommand): string => {
  const { name, aliases, summary, details, operands, options, columns, examples } = command
  const also = aliases.length === 0 ? '' : ` (also: ${aliases.join(', ')})`
  const told = quietYargs()
    .usage(
      [
        `Usage: hugepool ${name} [OPTION...] ${operands.usage}`.trimEnd(),
        `${summary.charAt(0).toUpperCase()}${summary.slice(1)}${also}.`,
        ...(details.length === 0 ? [] : [details.join(' ')]),
      ].join('\n\n'),
    )
    .epilogue(
      [
        ...section(
          'Columns',
          columns.map(({ name: column, help }) => [column, help]),
        ),
        ...section(
          'Examples',
          examples.map(({ line, meaning }) => [line, meaning]),
        ),
        `Exit status and more: man hugepool-${name}`,
      ].join('\n'),
    )
  tellOptions(told, 'Options', options)
  tellOptions(told, 'Common options', optionsOf(command).slice(options.length))
  return helpText(told)
}

const wordRows: readonly Row[] = [
  ['SIZE', '2M 2MB 2MiB 2048kB 2097152 1G default'],
  ['COUNT', '512 (pages), +64, -64, 8G (memory), +2G, -2G, 25% (of memory), max'],
  ['NODES', '0, 0-3, 0-3,5 or all'],
  ['ASSIGNMENT', 'SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...]'],
]

const overviewExamples: readonly Row[] = [
  ['hugepool', 'all pools'],
  ['hugepool list --per-node', 'on every node'],
  ['hugepool resize 2M=512 1G=0:2,1:2', 'set pools, check what the kernel gave'],
  ['hugepool resize 2M=+8G --dry-run', 'print the write, do nothing'],
]

export const overviewHelp = (): string => {
  const told = quietYargs()
    .usage(
      [
        'Usage: hugepool [COMMAND] [OPTION...] [OPERAND...]',
        'Shows and resizes the HugeTLB page pools of this machine, for every page size and node.',
      ].join('\n\n'),
    )
    .epilogue(
      [
        ...section('Words', wordRows),
        ...section('Examples', overviewExamples),
        ...section('Exit status', exitRows),
        "'hugepool COMMAND --help' and hugepool(8) tell more.",
      ].join('\n'),
    )
  for (const { name, summary } of commands) told.command(name, summary)
  tellOptions(told, 'Options of every command', commonOptions)
  return helpText(told)
}
