import type { BootAnswer, FoundPools } from '../../model/boot/boot-answer.ts'
import { formatRange, formatSeries } from '../../model/boot/kernel-series.ts'
import type { LineFault } from '../../model/boot/line-faults.ts'
import type { BootPrediction } from '../../model/boot/predict-boot.ts'
import type { WordFate } from '../../model/boot/read-line.ts'
import type { BootDocument } from '../schemas/documents.ts'

const placed = ({ word, means, result, message, why }: WordFate) => ({
  word: word.text,
  place: word.at + 1,
  means,
  result,
  message,
  why,
})

const faultDocument = (fault: LineFault) => ({ ...placed(fault), instead: fault.instead })

const bootPoolsDocument = (pools: FoundPools['pools']) =>
  pools.map(({ size, total, nodes }) => ({
    pageSize: size,
    total,
    nodes: nodes.map((node) => ({ node: node.node, total: node.total })),
  }))

/** Returns what a line comes to. */
export const predictedDocument = ({
  boots,
  defaultSize,
  pools,
  areas,
  messages,
}: BootPrediction): BootDocument['predicted'] => ({
  boots,
  default: defaultSize,
  pools: bootPoolsDocument(pools),
  areas: areas.size === 0 ? undefined : [...areas].map(([node, memory]) => ({ node, memory })),
  messages: [...messages],
})

/** Returns what is told of a command line in the form of JSON documents. */
export const bootDocument = (answer: BootAnswer): BootDocument => {
  const { line, series, prediction, found, faults, others } = answer
  return {
    line,
    kernel: formatSeries(series),
    words: prediction.words.map(placed),
    predicted: predictedDocument(prediction),
    found: found && { default: found.defaultSize, pools: bootPoolsDocument(found.pools) },
    faults: faults?.map(faultDocument),
    others:
      others.length === 0
        ? undefined
        : others.map(({ kernels, why }) => ({ kernels: formatRange(kernels), why })),
  }
}
