import { exitCodes, exitPartial } from '../errors.ts'
import { alignedText } from '../output/table.ts'
import type { AnyCommand } from './command.ts'
import { commands } from './commands.ts'
import { commonOptions, type Option } from './options/option.ts'

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')

const columnsText = (lines: readonly (readonly string[])[]): string =>
  alignedText(
    lines.map((line) => line.map((text) => ({ text }))),
    ['left', 'left'],
  )

const section = (title: string, lines: readonly (readonly string[])[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, indent(columnsText(lines))]

const optionLine = ({ name, letter, value, help }: Option): readonly string[] => {
  const short = letter === undefined ? '    ' : `-${letter}, `
  return [`${short}--${name}${value === undefined ? '' : ` ${value}`}`, help]
}

const exitLines: readonly (readonly string[])[] = [
  ['0', 'done, or nothing to do'],
  [`${exitCodes.E_KERNEL}`, 'the kernel refused, or hugepool refused what would harm the machine'],
  [`${exitCodes.E_USAGE}`, 'wrong words; nothing was touched'],
  [`${exitCodes.E_PERMISSION}`, 'permission denied, or a read-only /sys or /proc'],
  [`${exitCodes.E_UNSUPPORTED}`, 'this machine has no such page size, node or feature'],
  [`${exitPartial}`, 'partial: some was done, and the result says how much'],
  [`${exitCodes.E_BUG}`, 'a fault of hugepool itself'],
]

export const commandHelp = (command: AnyCommand): string => {
  const { name, aliases, summary, details, operands, options, columns, examples } = command
  const also = aliases.length === 0 ? '' : ` (also: ${aliases.join(', ')})`
  return [
    `Usage: hugepool ${name} [OPTION...] ${operands.usage}`.trimEnd(),
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}${also}.`,
    ...(details.length === 0 ? [] : ['', ...details]),
    ...section('Options', options.map(optionLine)),
    ...section('Common options', commonOptions.map(optionLine)),
    ...section(
      'Columns',
      columns.map(({ name: column, help }) => [column, help]),
    ),
    ...section(
      'Examples',
      examples.map(({ line, meaning }) => [line, meaning]),
    ),
    '',
    `Exit status and more: man hugepool-${name}`,
    '',
  ].join('\n')
}

const words: readonly (readonly string[])[] = [
  ['SIZE', '2M 2MB 2MiB 2048kB 2097152 1G default'],
  ['COUNT', '512 (pages), +64, -64, 8G (memory), +2G, -2G, 25% (of all memory), max'],
  ['NODES', '0, 0-3, 0-3,5 or all'],
  ['ASSIGNMENT', 'SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...]'],
]

const overviewExamples: readonly (readonly string[])[] = [
  ['hugepool', 'all pools'],
  ['hugepool list --per-node', 'on every node'],
  ['hugepool resize 2M=512 1G=0:2,1:2', 'set pools, check what the kernel gave'],
  ['hugepool resize 2M=+8G --dry-run', 'print the write, do nothing'],
]

export const overviewHelp = (): string =>
  [
    'Usage: hugepool [COMMAND] [OPTION...] [OPERAND...]',
    '',
    'Shows and resizes the HugeTLB page pools of this machine, for every page size and node.',
    ...section(
      'Commands',
      commands.map(({ name, summary }) => [name, summary]),
    ),
    ...section('Words', words),
    ...section('Options of every command', commonOptions.map(optionLine)),
    ...section('Examples', overviewExamples),
    ...section('Exit status', exitLines),
    '',
    "'hugepool COMMAND --help' and hugepool(8) tell more.",
    '',
  ].join('\n')
