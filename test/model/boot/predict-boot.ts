import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { BootMachine } from '../../../src/model/boot/boot-machine.ts'
import { parseSeries } from '../../../src/model/boot/kernel-series.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { bootMachine, fates, predicted } from '../../helpers/predicted.ts'
import { G, M } from '../../helpers/sizes.ts'

interface Found {
  readonly boots?: false
  readonly default: number
  readonly sysctl: number
  readonly pools: Readonly<
    Record<string, { readonly total: number; readonly nodes: readonly number[] }>
  >
  readonly messages: readonly string[]
}

interface Vector {
  readonly id: string
  readonly commandLine: string
  readonly nodes: readonly string[]
  readonly cpu?: string
  readonly results: Readonly<Record<string, Found>>
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/boot-vectors.json'), 'utf8'),
)

/** The machines on which the vectors were taken; of 3G some is the kernel's, and a hole. */
const machineOf = ({ nodes, cpu }: Vector, series: string): BootMachine => ({
  sizes: cpu === undefined ? [2n * M, G] : [2n * M],
  usualSize: 2n * M,
  largestBlock: 4n * M,
  nodes: nodes
    .map((memory, node) => ({
      node,
      memory: memory === '0' ? 0n : 3n * G,
      fits: new Map([[G, node === 0 ? 1n : 2n]]),
    }))
    .filter(({ memory }) => memory > 0n),
  cpus: 1,
  wordsKept: 5,
  hasCma: series === '7.3',
  hasFreeVmemmap: true,
})

/** What the kernel told init, and a word of the laboratory's own. */
const heard = (messages: readonly string[]): readonly string[] =>
  messages
    .filter((message) => !message.startsWith('    '))
    .map((message) => message.replace('"nokaslr ', '"'))

for (const vector of vectors)
  for (const [series, found] of Object.entries(vector.results))
    t.test(`${vector.id} on ${series}: ${vector.commandLine}`, async (t) => {
      const machine = machineOf(vector, series)
      const told = predictBoot(vector.commandLine, parseSeries(series) ?? [0, 0], machine)
      if (found.boots === false) {
        t.equal(told.boots, false)
        return
      }
      t.strictSame(
        {
          boots: told.boots,
          default: told.defaultSize,
          kept: told.kept,
          pools: told.pools.map(({ size, total, nodes }) => [
            size,
            total,
            nodes.map((n) => n.total),
          ]),
          // The recorder left out blanks at ends.
          messages: told.messages.map((message) => message.trimEnd()),
        },
        {
          boots: true,
          default: BigInt(found.default),
          kept: BigInt(found.sysctl),
          pools: machine.sizes.map((size) => {
            const pool = found.pools[String(size)]
            return [
              size,
              BigInt(pool?.total ?? 0),
              (pool?.nodes ?? []).slice(0, machine.nodes.length).map(BigInt),
            ]
          }),
          messages: heard(found.messages),
        },
      )
    })

t.test('a quarter of the processors allocates, and one at least', async (t) => {
  const pools = (cpus: number) => predicted('hugepages=7', '6.18', { ...bootMachine, cpus }).pools
  t.strictSame([1, 4, 7, 8].map(pools), ['2M:7(4,3)', '2M:7(4,3)', '2M:7(4,3)', '2M:7(5,2)'])
})

t.test('a kernel keeps the beginning of a line that is too long', async (t) => {
  const machine = { ...bootMachine, lineKept: 20 }
  const line = 'quiet hugepages=1234 sysctl.vm.nr_hugepages=7'
  t.equal(predicted(line, '6.12', machine).pools, '2M:1234(617,617)')
  t.strictSame(fates(line, '6.12', machine), [
    'hugepages=1234 | used',
    'sysctl.vm.nr_hugepages=7 | dropped | the line is too long, and the kernel reads its beginning alone',
  ])
})
