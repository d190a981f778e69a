import { plainName } from './command-line.ts'
import { kstrtobool } from './kernel-numbers.ts'
import { type KernelSeries, rulesOf } from './kernel-series.ts'
import type { BootPrediction } from './predict-boot.ts'

/**
 * Tells whether the words of a line make a kernel free the page structs of huge pages; undefined
 * where none of them says anything of it (mm/hugetlb_vmemmap.c). The last one counts, and one
 * without a value means yes where it counts.
 */
export const freesVmemmap = (
  { words }: Pick<BootPrediction, 'words'>,
  series: KernelSeries,
): boolean | undefined => {
  const used = words.filter(
    ({ word, result }) => plainName(word.name) === 'hugetlb_free_vmemmap' && result === 'used',
  )
  const last = used.at(-1)?.word
  if (last === undefined) return undefined
  return last.value === undefined || kstrtobool(last.value, rulesOf(series).enableWords)
}
