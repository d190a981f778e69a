import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatSeries, type KernelSeries, parseSeries } from '../../src/model/boot/kernel-series.ts'
import { type BootPrediction, predictBoot } from '../../src/model/boot/predict-boot.ts'
import { formatSize } from '../../src/model/words/page-size.ts'
import { seeded } from '../boot/support/seeded.ts'
import type { VirtualMachine } from '../vm/machines.ts'
import { emulation } from '../vm/qemu.ts'
import { type Architecture, architectures } from './architectures.ts'
import { bootLine, type FoundBoot } from './boot-line.ts'
import { generatedLine, type Take, usualLines } from './generated-lines.ts'

const guestOf = ({ gibibytes }: Architecture): VirtualMachine => ({
  name: 'boot-lines',
  summary: 'two nodes',
  nodes: [`${gibibytes}G`, `${gibibytes}G`],
  kernels: [],
  limit: 90,
})

/** What kernels say about huge pages, without what they always say, and figures of time. */
const aboutLines =
  /^(?:HugeTLB: (?!registered|\d+ KiB vmemmap|allocation took|freed )|hugetlb_cma: |Malformed early option|Booting kernel: |Unknown kernel command line parameters|Failed to set sysctl)/

/** Words of the emulator's own that kernels do not know. */
const ownWords = /\b(?:nokaslr|no_timer_check|HUGEPOOL_\w+=\S+) ?(?=[^"]*")/g

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
    arch: { type: 'string' },
    kernel: { type: 'string' },
    count: { type: 'string', default: '0' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    line: { type: 'string', multiple: true },
    pools: { type: 'string', multiple: true, default: [] },
  },
})

const directory = process.env.HUGEPOOL_BOOT_LINES ?? ''
const random = seeded(Number(values.seed))
const take: Take = (list) => list[Math.floor(random() * list.length)] as never
const count = Number(values.count)
const linesFor = (architecture: Architecture): readonly string[] => {
  if (values.line !== undefined) return values.line
  return count > 0
    ? Array.from({ length: count }, () => generatedLine(take, architecture.name))
    : usualLines[architecture.name]
}
const processors = availableParallelism()
const accelerator = emulation(processors, processors)

interface Turn {
  readonly architecture: Architecture
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
const differenceOf = async ({
  architecture,
  series,
  kernel,
  line,
}: Turn): Promise<string | undefined> => {
  const image = join(directory, `image-${architecture.name}.cpio`)
  const boot = {
    architecture: architecture.debian,
    machine: guestOf(architecture),
    kernel,
    image,
    accelerator,
    append: [line],
  }
  const found = await bootLine(boot)
  const told = asFound(predictBoot(line, series, architecture.machine(series, kernel)))
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

/** Every kernel of an architecture with every line of it; none where it was not asked for. */
const turnsOf = (architecture: Architecture): readonly Turn[] => {
  const list = join(directory, `kernels-${architecture.name}`)
  if (!existsSync(list)) return []
  const lines = linesFor(architecture)
  return readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .flatMap((row) => {
      const kernel = row.split(/\s+/)[1] ?? ''
      return lines.map((line) => ({ architecture, series: seriesOf(kernel), kernel, line }))
    })
}

const turns = architectures.flatMap(turnsOf)
process.stdout.write(`TAP version 14\n1..${turns.length}\n# seed ${values.seed}\n`)
let at = 0
const work = async (): Promise<void> => {
  for (;;) {
    const number = at
    at += 1
    const turn = turns[number]
    if (turn === undefined) return
    const difference = await differenceOf(turn)
    const kernel = `${turn.architecture.name} ${formatSeries(turn.series)}`
    const words = `${number + 1} - ${kernel}: ${turn.line.replaceAll('#', '\\#')}`
    if (difference !== undefined) process.exitCode = 1
    process.stdout.write(
      difference === undefined ? `ok ${words}\n` : `not ok ${words}\n  ---\n${difference}\n  ...\n`,
    )
  }
}
await Promise.all(Array.from({ length: processors }, work))
