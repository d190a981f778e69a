import { usage } from '../../errors.ts'
import { type Assignment, namesNodes } from '../words/assignment.ts'
import type { Bytes } from '../words/bytes.ts'
import type { Count } from '../words/count.ts'
import { memparse } from '../words/memparse.ts'
import type { NodeId } from '../words/node-list.ts'
import { sum } from '../words/sum.ts'
import { pagesOfEveryStart } from './asked-pages.ts'
import type { CmaRequest } from './line-request.ts'

const areasOnNodes = (text: string, areas: readonly (readonly [NodeId, Bytes])[]): CmaRequest => ({
  text,
  total: sum(areas.map(([, bytes]) => bytes)),
  nodes: new Map(areas),
})

/**
 * Returns the areas that an assignment means, which are as large as its pages: `1G=0:4` asks for 4G
 * on node 0. Throws E_USAGE for the size `default`, and for a count that differs from one start to
 * the next.
 */
export const cmaOfAssignment = (assignment: Assignment): CmaRequest => {
  const { text, size, counts } = assignment
  if (size === 'default')
    throw usage(`'${text}' names no page size`, 'areas of CMA are written as 1G=0:4')
  const bytesOf = (count: Count): Bytes => pagesOfEveryStart(text, count, size) * size
  return namesNodes(assignment)
    ? areasOnNodes(
        text,
        assignment.counts.map(({ node, count }) => [node, bytesOf(count)] as const),
      )
    : { text, total: bytesOf(counts as Count) }
}

const amountIn = (text: string): Bytes => memparse(text)?.value ?? 0n

/**
 * Returns the areas that the value of `hugetlb_cma=` means, an amount or `0:2G,1:2G`. An amount
 * that is no number counts as 0.
 */
export const cmaOfWord = (text: string): CmaRequest =>
  text.includes(':')
    ? areasOnNodes(
        text,
        text.split(',').map((part) => {
          const [node = '', amount = ''] = part.split(':')
          return [Number(node), amountIn(amount)] as const
        }),
      )
    : { text, total: amountIn(text) }
