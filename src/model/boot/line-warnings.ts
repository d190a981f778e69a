import { isGigantic } from '../pools/gigantic.ts'
import { formatSize } from '../words/page-size.ts'
import type { AskedLine } from './asked-line.ts'
import { nodesWithMemory } from './boot-machine.ts'
import { plainName, splitLine } from './command-line.ts'
import { formatSeries, rulesOf } from './kernel-series.ts'
import type { LineTarget } from './line-request.ts'
import { sysctlOf } from './related-words.ts'

/**
 * Warns that before 6.15 a gigantic page comes from another node where the named one has none
 * (mm/memblock.c).
 */
const nodeWarnings = ({ series, machine }: LineTarget, { pages }: AskedLine): readonly string[] =>
  rulesOf(series).exactNodes || nodesWithMemory(machine).length < 2
    ? []
    : pages
        .filter(({ size, nodes }) => nodes !== undefined && isGigantic(machine, size))
        .map(
          ({ size }) =>
            `Linux ${formatSeries(series)} may take pages of ${formatSize(size)} from other nodes than the named ones, and says nothing: 'hugepool apply' corrects them`,
        )

/** Warns of other words on the line that do not go together with those that are asked for. */
const besideWarnings = ({ areas, pages }: AskedLine, beside: string): readonly string[] => {
  const { words } = splitLine(beside)
  const hasCrashKernel = words.some(({ name }) => plainName(name) === 'crashkernel')
  const sysctl = words.find(({ name }) => sysctlOf(name)?.startsWith('nr_hugepages'))
  return [
    ...(areas !== undefined && hasCrashKernel
      ? [
          'hugetlb_cma stands beside crashkernel: kdump starts its kernel with it too, in memory that is too small for it, unless its configuration removes the word',
        ]
      : []),
    ...(sysctl !== undefined && pages.length > 0
      ? [
          `'${sysctl.text}' stands on the line too: it changes the pool of the default size once more when the kernel has started`,
        ]
      : []),
  ]
}

/** Warns of what can go wrong with a line that a kernel reads as it is meant. */
export const lineWarnings = (
  target: LineTarget,
  asked: AskedLine,
  beside: string,
): readonly string[] => [...nodeWarnings(target, asked), ...besideWarnings(asked, beside)]
