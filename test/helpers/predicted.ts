import type { BootMachine } from '../../src/model/boot/boot-machine.ts'
import { parseSeries } from '../../src/model/boot/kernel-series.ts'
import { predictBoot } from '../../src/model/boot/predict-boot.ts'
import { formatSize } from '../../src/model/words/page-size.ts'
import { G, M } from './sizes.ts'

/** Two nodes of 4 GiB, on each of which two pages of 1G fit. */
export const bootMachine: BootMachine = {
  sizes: [2n * M, G],
  usualSize: 2n * M,
  largestBlock: 4n * M,
  nodes: [0, 1].map((node) => ({ node, memory: 4n * G, fits: new Map([[G, 2n]]) })),
  cpus: 2,
  wordsKept: 5,
  hasCma: false,
  hasFreeVmemmap: true,
}

/** A prediction in few words: `2M:3(2,1)`, the default size behind `def` where it is not 2M. */
export const predicted = (line: string, series = '6.12', machine = bootMachine) => {
  const told = predictBoot(line, parseSeries(series) ?? [0, 0], machine)
  const pools = told.pools
    .filter(({ total }) => total > 0n)
    .map(({ size, total, nodes }) => {
      const each = nodes.map((node) => node.total).join(',')
      return `${formatSize(size)}:${total}(${each})`
    })
  const isUsual = told.defaultSize === machine.usualSize
  const all = isUsual ? pools : [...pools, `def${formatSize(told.defaultSize)}`]
  return { pools: all.join(' '), kept: told.kept, boots: told.boots, messages: told.messages }
}

/** What becomes of each word, with what the kernel or hugepool says of it. */
export const fates = (line: string, series = '6.12', machine = bootMachine) =>
  predictBoot(line, parseSeries(series) ?? [0, 0], machine).words.map(
    ({ word, result, message, why }) =>
      [word.text, result, ...[message ?? why ?? []].flat()].join(' | '),
  )
