import { type HugepoolError, refused } from '../../errors.ts'
import type { Pages } from '../words/count.ts'
import { type NodeId, onNode } from '../words/node-list.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { plural } from '../words/plural.ts'
import { sum } from '../words/sum.ts'
import type { AskedLine } from './asked-line.ts'
import type { BootMachine } from './boot-machine.ts'
import type { BootPrediction, PredictedPool } from './predict-boot.ts'

/** Says in a sentence that other pages would come of a line than are asked for. */
const pagesDiffer = (
  size: PageSize,
  node: NodeId | undefined,
  asked: Pages,
  told: Pages,
): readonly string[] =>
  asked === told
    ? []
    : [
        `${plural(asked, 'page')} of ${formatSize(size)}${onNode(node)} would become ${told} at the start`,
      ]

const poolDiffers =
  ({ pages }: AskedLine) =>
  ({ size, total, nodes }: PredictedPool): readonly string[] => {
    const one = pages.find((each) => each.size === size)
    const onNodes = one?.nodes
    if (onNodes === undefined) return pagesDiffer(size, undefined, one?.count ?? 0n, total)
    return nodes.flatMap((on) => pagesDiffer(size, on.node, onNodes.get(on.node) ?? 0n, on.total))
  }

const defaultDiffers = (
  { usualSize }: BootMachine,
  { defaultSize = usualSize }: AskedLine,
  told: BootPrediction,
): readonly string[] =>
  told.defaultSize === defaultSize
    ? []
    : [
        `${formatSize(told.defaultSize)} would become the default, and not ${formatSize(defaultSize)}`,
      ]

const areasDiffer = ({ areas }: AskedLine, told: BootPrediction): readonly string[] => {
  const got = sum(told.areas.values())
  const isSame =
    got === (areas?.total ?? 0n) &&
    [...(areas?.nodes ?? [])].every(([node, bytes]) => told.areas.get(node) === bytes)
  return isSame
    ? []
    : [`the areas of '${areas?.text ?? ''}' would not be reserved as they are asked`]
}

/**
 * Compares what a kernel makes of a line with what the line is to bring. Returns E_REFUSED for the
 * first difference, with what the kernel says of it; undefined where there is none.
 */
export const judgeLine = (
  machine: BootMachine,
  asked: AskedLine,
  told: BootPrediction,
): HugepoolError | undefined => {
  const [first] = [
    ...(told.boots ? [] : ['the kernel would not start']),
    ...told.pools.flatMap(poolDiffers(asked)),
    ...defaultDiffers(machine, asked, told),
    ...areasDiffer(asked, told),
  ]
  if (first === undefined) return undefined
  const message = told.words.find(({ result }) => result !== 'used')?.message
  return refused(
    'short',
    first,
    message === undefined ? undefined : `the kernel would say '${message}'`,
  )
}
