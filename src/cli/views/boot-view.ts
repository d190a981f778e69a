import type { BootAnswer } from '../../model/boot/boot-answer.ts'
import { bootFaultWords, bootHints, bootNotes } from '../../model/boot/boot-words.ts'
import { present } from '../../model/words/present.ts'
import { bootDocument } from '../../output/boot/boot-document.ts'
import {
  type BootPoolRow,
  type BootRow,
  bootColumns,
  bootPoolColumns,
} from '../../output/boot/boot-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'

const rowsOf = ({ prediction, faults, others }: BootAnswer): readonly BootRow[] => [
  ...(faults ?? prediction.words),
  ...others.map(({ kernels, why }): BootRow => ({ result: 'differs', kernels, why })),
]

/** Makes a row for each size, and for each of its nodes where there are several. */
const bootPoolRows = ({ prediction, found }: BootAnswer): readonly BootPoolRow[] =>
  prediction.pools.flatMap(({ size, total, nodes }) => {
    const there = found?.pools.find((pool) => pool.size === size)
    const isDefault = size === prediction.defaultSize
    const whole = present({ size, isDefault, predicted: total, found: there?.total })
    const parts = nodes.map((one) =>
      present({
        size,
        node: one.node,
        isDefault,
        predicted: one.total,
        found: there?.nodes.find(({ node }) => node === one.node)?.total,
      }),
    )
    return parts.length > 1 ? [whole, ...parts] : [whole]
  })

/** Shows what a kernel makes of a line. With --check the answer is no where anything is wrong. */
export const bootView = (answer: BootAnswer): View<Document<'boot'>> => {
  const rows = rowsOf(answer)
  const isCheck = answer.faults !== undefined
  return {
    rows: (names, style) =>
      textRows({ columns: bootColumns, rows }, rows.length > 0 ? names : [], style),
    ...(!isCheck && {
      moreRows: (style) =>
        textRows(
          { columns: bootPoolColumns, rows: bootPoolRows(answer) },
          bootPoolColumns.map(({ name }) => name),
          style,
        ),
    }),
    document: () => bootDocument(answer),
    notes: isCheck ? [] : bootNotes(answer),
    noteHints: bootHints(answer),
    words: bootFaultWords(answer),
    hints: [],
    partial: false,
    isNo: isCheck && rows.length > 0,
  }
}
