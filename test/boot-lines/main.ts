import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BootMachine } from '../../src/model/boot/boot-machine.ts'
import { formatSeries, type KernelSeries, parseSeries } from '../../src/model/boot/kernel-series.ts'
import { type BootPrediction, predictBoot } from '../../src/model/boot/predict-boot.ts'
import { formatSize } from '../../src/model/words/page-size.ts'
import { seeded } from '../boot/support/seeded.ts'
import type { VirtualMachine } from '../vm/machines.ts'
import { emulation } from '../vm/qemu.ts'
import { bootLine, type FoundBoot } from './boot-line.ts'
import { generatedLine, type Take, usualLines } from './generated-lines.ts'

const M = 1024n * 1024n
const G = 1024n * M

const machine: VirtualMachine = {
  name: 'boot-lines',
  summary: 'two nodes of 4G',
  nodes: ['4G', '4G'],
  kernels: [],
  limit: 90,
}

/** The machine to a kernel of which `config` is how it was built. */
const bootMachine = (hasCma: boolean): BootMachine => ({
  sizes: [2n * M, G],
  usualSize: 2n * M,
  largestBlock: 4n * M,
  nodes: [0, 1].map((node) => ({ node, memory: 4n * G, fits: new Map([[G, 2n]]) })),
  cpus: 2,
  wordsKept: 5,
  hasCma,
})

/** What kernels say about huge pages, without what they always say, and figures of time. */
const aboutLines =
  /^(?:HugeTLB: (?!registered|\d+ KiB vmemmap|allocation took|freed )|hugetlb_cma: |Malformed early option|Booting kernel: |Unknown kernel command line parameters|Failed to set sysctl)/

/** Words of the emulator's own that kernels do not know. */
const ownWords = /\b(?:nokaslr|no_timer_check|HUGEPOOL_MACHINE=\S+) ?(?=[^"]*")/g

const heard = ({ messages }: FoundBoot): readonly string[] =>
  messages
    .filter((message) => aboutLines.test(message))
    .map((message) => message.replace(ownWords, '').replace(/ ",/, '",').trimEnd())
    .filter((message) => !message.includes('parameters ""'))

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each))

const asFound = ({ boots, defaultSize, kept, pools, messages }: BootPrediction) =>
  boots
    ? {
        defaultSize,
        kept,
        pools: pools.flatMap(({ size, nodes }) =>
          nodes.map(({ node, total }) => [size, node, total] as const),
        ),
        messages: messages.map((message) => message.trimEnd()),
      }
    : undefined

const sorted = (pools: FoundBoot['pools']): FoundBoot['pools'] =>
  [...pools].sort(([a, i], [b, j]) => Number(a - b) || i - j)

const { values } = parseArgs({
  options: {
    kernel: { type: 'string' },
    count: { type: 'string', default: '0' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    line: { type: 'string', multiple: true },
    pools: { type: 'string', multiple: true, default: [] },
  },
})

const directory = process.env.HUGEPOOL_BOOT_LINES ?? ''
const image = join(directory, 'image.cpio')
const kernels = readFileSync(join(directory, 'kernels'), 'utf8').trim().split('\n')
const random = seeded(Number(values.seed))
const take: Take = (list) => list[Math.floor(random() * list.length)] as never
const count = Number(values.count)
const lines =
  values.line ?? (count > 0 ? Array.from({ length: count }, () => generatedLine(take)) : usualLines)
const processors = availableParallelism()
const accelerator = emulation(processors, processors)

interface Turn {
  readonly series: KernelSeries
  readonly kernel: string
  readonly line: string
}

/** Whether a pool on a node is that of a text such as `1G:0:2`: two pages of 1G on node 0. */
const isPool = (text: string) => {
  const [size = '', node, count] = text.split(':')
  return ([bytes, id, pages]: FoundBoot['pools'][number]): boolean =>
    formatSize(bytes) === size && `${id}` === node && `${pages}` === count
}

/** Gives what is different, or nothing. */
const differenceOf = async ({ series, kernel, line }: Turn): Promise<string | undefined> => {
  const found = await bootLine(machine, kernel, image, accelerator, line)
  const [major] = series
  const told = asFound(
    predictBoot(line, series, bootMachine(major > 7 || (major === 7 && series[1] > 1))),
  )
  const real = found && { ...found, pools: sorted(found.pools), messages: heard(found) }
  const missing = values.pools.filter((text) => !found?.pools.some(isPool(text)))
  if (missing.length > 0) return `  found   ${shown(real)}\n  without ${missing.join(' ')}`
  return shown(real) === shown(told)
    ? undefined
    : `  found     ${shown(real)}\n  predicted ${shown(told)}`
}

/** The series of a kernel's image, which its header names. */
const seriesOf = (path: string): KernelSeries => {
  const name = /(\d+\.\d+)\.\d+[^/]*\/[^/]*$/.exec(path)?.[1] ?? /-(\d+\.\d+)/.exec(path)?.[1] ?? ''
  const series = parseSeries(name)
  if (series === undefined) throw new Error(`${path}: of which series?`)
  return series
}

const turns: readonly Turn[] = kernels.flatMap((row) => {
  const kernel = row.split(/\s+/)[1] ?? ''
  return lines.map((line) => ({ series: seriesOf(kernel), kernel, line }))
})
process.stdout.write(`TAP version 14\n1..${turns.length}\n# seed ${values.seed}\n`)
let at = 0
const work = async (): Promise<void> => {
  for (;;) {
    const number = at
    at += 1
    const turn = turns[number]
    if (turn === undefined) return
    const difference = await differenceOf(turn)
    const words = `${number + 1} - ${formatSeries(turn.series)}: ${turn.line.replaceAll('#', '\\#')}`
    if (difference !== undefined) process.exitCode = 1
    process.stdout.write(
      difference === undefined ? `ok ${words}\n` : `not ok ${words}\n  ---\n${difference}\n  ...\n`,
    )
  }
}
await Promise.all(Array.from({ length: processors }, work))
