import { foundOr } from '../../errors.ts'
import { readBootMachine, readKernelSeries } from '../../kernel/boot/read-boot-machine.ts'
import { readPageSizes } from '../../kernel/pools/pools.ts'
import { type KernelSeries, parseSeries } from '../../model/boot/kernel-series.ts'
import { sequenceIn } from '../../model/boot/loaders/hugetlb-sequence.ts'
import type { LoaderState } from '../../model/boot/loaders/loader-plan.ts'
import type { BootEntry } from '../../model/boot/loaders/loader-row.ts'
import { type BootPrediction, predictBoot } from '../../model/boot/predict-boot.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'

/** What will be booted, as the files of the boot loader have it. */
export interface NextBoot extends BootEntry {
  /** Its words about HugeTLB. */
  readonly words: string
  /**
   * The pools that these words give; absent where this machine has no pools to predict them for.
   */
  readonly predicted?: BootPrediction
}

/** Whether the machine has pools that can be predicted. */
const hasPools = ({ tree }: Ports): boolean =>
  foundOr(
    () => readPageSizes(tree).length > 0,
    () => false,
  )

/**
 * Predicts what a line comes to on this machine, with the kernel of an entry or the running one.
 */
export const predictHere = (
  ports: Ports,
  line: string,
  release?: string,
): BootPrediction | undefined => {
  const series: KernelSeries | undefined =
    parseSeries(release ?? '') ?? readKernelSeries(ports.tree)
  return series === undefined || !hasPools(ports)
    ? undefined
    : predictBoot(line, series, readBootMachine(ports.tree))
}

/**
 * Reads back what the boot loader will boot, and judges it. Undefined where that cannot be read.
 */
export const lookAtNextBoot = (
  ports: Ports,
  { loader, files }: Pick<LoaderState, 'loader' | 'files'>,
): NextBoot | undefined => {
  const [entry] = loader.entries(files)
  if (entry === undefined) return undefined
  const { line, release } = entry
  return {
    ...entry,
    ...present({ words: sequenceIn(line), predicted: predictHere(ports, line, release) }),
  }
}

const predictedPages = ({ pools, defaultSize }: BootPrediction): string =>
  [
    defaultSize,
    ...pools.map(({ size, nodes }) => [size, ...nodes.map(({ total }) => total)].join(' ')),
  ].join('; ')

/** Whether a next boot gives the pages of a sequence, as far as it can be told. */
export const givesThem = (
  ports: Ports,
  { words, release, predicted }: NextBoot,
  sequence: string,
): boolean => {
  if (words !== sequence) return false
  const wanted = predictHere(ports, sequence, release)
  return (
    wanted === undefined ||
    predicted === undefined ||
    predictedPages(wanted) === predictedPages(predicted)
  )
}
