import { formatSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import type { BootAnswer, FoundPools } from './boot-answer.ts'
import { formatSeries } from './kernel-series.ts'
import { isAsItStands } from './line-faults.ts'
import type { BootPrediction } from './predict-boot.ts'

const noBoot = ({ prediction, series }: BootAnswer): readonly string[] =>
  prediction.boots
    ? []
    : [`Linux ${formatSeries(series)} does not boot with this line, and says nothing`]

/**
 * Says of pools that they are not as the line makes them: they were changed since, or the start had
 * less memory.
 */
const unlike = ({ pools }: BootPrediction, found: FoundPools): readonly string[] =>
  found.pools.flatMap(({ size, total }) => {
    const predicted = pools.find((pool) => pool.size === size)?.total
    return predicted === undefined || predicted === total
      ? []
      : [
          `${formatSize(size)}: the line comes to ${plural(predicted, 'page')}, and there ${total === 1n ? 'is' : 'are'} ${total}: the pool was changed since, or the start had less memory`,
        ]
  })

const unusedWords = ({ words }: BootPrediction): readonly string[] => {
  const unused = words.filter((word) => !isAsItStands(word)).map(({ word }) => word.text)
  return unused.length === 0 ? [] : [`not used as it stands: ${unused.join(' ')}`]
}

/** Says what is worth knowing of a line beside its words. */
export const bootNotes = ({ prediction, found }: BootAnswer): readonly string[] => [
  ...(prediction.words.length === 0 ? ['no word of the line is about huge pages'] : []),
  ...[...prediction.areas].map(
    ([node, memory]) => `an area of CMA of ${formatSize(memory)} is reserved on node ${node}`,
  ),
  ...unusedWords(prediction),
  ...(found === undefined ? [] : unlike(prediction, found)),
]

/** Says what can be done about the notes. */
export const bootHints = ({ prediction, faults }: BootAnswer): readonly string[] =>
  faults === undefined && unusedWords(prediction).length > 0
    ? ["'hugepool boot --check' says what to write instead"]
    : []

/** Says in sentences what is wrong with a line; nothing of one that is well. */
export const bootFaultWords = (answer: BootAnswer): readonly string[] => {
  const { faults = [], others } = answer
  return [
    ...noBoot(answer),
    ...(faults.length === 0
      ? []
      : [
          `${plural(faults.length, 'word')} of the line ${faults.length === 1 ? 'is' : 'are'} not right`,
        ]),
    ...(others.length === 0 ? [] : ['the line comes to something else on other kernels']),
  ]
}
