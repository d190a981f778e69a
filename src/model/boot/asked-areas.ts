import { objectionOf, throwAll, unsupported } from '../../errors.ts'
import { wholePages } from '../words/count.ts'
import { checkGivingNode } from './asked-pages.ts'
import { machineWords } from './boot-machine.ts'
import { areaUnit } from './cma-areas.ts'
import { formatSeries, rulesOf } from './kernel-series.ts'
import type { CmaRequest, LineTarget } from './line-request.ts'

const checkKernel = ({ series, machine }: LineTarget, { nodes }: CmaRequest): void => {
  const { cma } = rulesOf(series)
  const kernel = `Linux ${formatSeries(series)}`
  if (cma === 'unknown')
    throw unsupported('no-feature', `${kernel} has no hugetlb_cma: 5.7 is the first that does`)
  if (!machine.hasCma)
    throw unsupported(
      'no-feature',
      'this kernel has no CMA, so that hugetlb_cma would reserve nothing',
      'CONFIG_CMA makes it: /proc/meminfo then has a line CmaTotal',
    )
  if (nodes !== undefined && cma !== 'nodes')
    throw unsupported(
      'no-feature',
      `${kernel} takes no nodes in hugetlb_cma: 5.16 is the first that does`,
      'name the pages without a node, and the kernel spreads them',
    )
}

/**
 * Returns the areas of CMA that a request asks for, without nodes that have none; undefined where
 * it asks for nothing. Throws E_USAGE for an amount that is no whole number of the gigantic pages
 * of which areas are made, and E_UNSUPPORTED for what this kernel or machine lacks.
 */
export const areasAsked = (target: LineTarget, request: CmaRequest): CmaRequest | undefined => {
  if (request.total === 0n) return undefined
  checkKernel(target, request)
  const unit = areaUnit(target.machine)
  if (unit === undefined)
    throw unsupported(
      'no-size',
      `${machineWords(target.machine)} has no gigantic pages, for which CMA is`,
    )
  const { nodes } = request
  if (nodes === undefined) {
    wholePages(request.total, unit)
    return request
  }
  const named = [...nodes].filter(([, bytes]) => bytes > 0n).sort(([a], [b]) => a - b)
  throwAll(
    named.flatMap(([node, bytes]) =>
      objectionOf(() => {
        checkGivingNode(target, node)
        wholePages(bytes, unit)
      }),
    ),
  )
  return { ...request, nodes: new Map(named) }
}
