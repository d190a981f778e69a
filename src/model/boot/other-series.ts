import { formatSize } from '../words/page-size.ts'
import type { BootMachine } from './boot-machine.ts'
import { isInRange, type KernelSeries, type SeriesRange, seriesRanges } from './kernel-series.ts'
import { type BootPrediction, type PredictedPool, predictBoot } from './predict-boot.ts'

/** What a line comes to with other kernels, where it differs from what this kernel makes of it. */
export interface OtherMeaning {
  readonly kernels: SeriesRange
  readonly why: string
}

/** Writes the pages of a pool, by node where the line names nodes. */
const poolText = ({ total, nodes }: PredictedPool, namesNodes: boolean): string =>
  namesNodes && total > 0n
    ? nodes
        .filter((node) => node.total > 0n)
        .map((node) => `${node.node}:${node.total}`)
        .join(',')
    : `${total}`

const difference = (here: BootPrediction, there: BootPrediction): string | undefined => {
  if (!there.boots) return here.boots ? 'these kernels do not boot with it' : undefined
  if (!here.boots) return 'these kernels boot with it'
  const namesNodes = here.words.some(({ word }) => /\d:\d/.test(word.value ?? ''))
  const pools = here.pools.flatMap((pool, at) => {
    const other = there.pools[at]
    const [one, two] = [poolText(pool, namesNodes), other && poolText(other, namesNodes)]
    return two === undefined || one === two
      ? []
      : [`${formatSize(pool.size)}: ${two} ${two === '1' ? 'page' : 'pages'}, not ${one}`]
  })
  const size =
    here.defaultSize === there.defaultSize
      ? []
      : [`the default is ${formatSize(there.defaultSize)}, not ${formatSize(here.defaultSize)}`]
  const all = [...size, ...pools]
  return all.length === 0 ? undefined : all.join('; ')
}

/** Joins ranges of series that follow one another and differ in the same way. */
const joined = (all: readonly OtherMeaning[]): readonly OtherMeaning[] => {
  const list: OtherMeaning[] = []
  for (const each of all) {
    const before = list.at(-1)
    const at = seriesRanges.indexOf(each.kernels)
    const follows = before?.why === each.why && seriesRanges[at - 1]?.to === before.kernels.to
    if (before === undefined || !follows) list.push(each)
    else
      list[list.length - 1] = { ...each, kernels: { ...each.kernels, from: before.kernels.from } }
  }
  return list
}

/**
 * Tells with which other kernels a line comes to other pools or another default, or does not boot.
 * How a count without nodes is spread counts as no difference.
 */
export const otherMeanings = (
  line: string,
  series: KernelSeries,
  machine: BootMachine,
): readonly OtherMeaning[] => {
  const read = line.slice(0, machine.lineKept)
  const here = predictBoot(read, series, machine)
  const others = seriesRanges.filter((range) => !isInRange(series, range))
  const different = others.flatMap((kernels) => {
    const why = difference(here, predictBoot(read, kernels.from, machine))
    return why === undefined ? [] : [{ kernels, why }]
  })
  return joined(different)
}
