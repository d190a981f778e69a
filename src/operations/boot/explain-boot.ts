import { unsupported } from '../../errors.ts'
import { readKernelLine } from '../../kernel/boot/read-boot-machine.ts'
import { readPools } from '../../kernel/pools/pools.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { BootAnswer, FoundPools } from '../../model/boot/boot-answer.ts'
import { lineFaults } from '../../model/boot/line-faults.ts'
import { otherMeanings } from '../../model/boot/other-series.ts'
import { type PredictedPool, predictBoot } from '../../model/boot/predict-boot.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { type AskedKernel, readAskedKernel } from './asked-kernel.ts'

/** A line, and the kernel that reads it. A key that is absent means that of this machine. */
export interface BootQuestion extends AskedKernel {
  readonly line?: string
  /** Whether the answer tells what is wrong in the line, and what to write instead. */
  readonly check: boolean
  /** Whether the answer tells what each known kernel makes of the line. */
  readonly allKernels: boolean
}

const lineToExplain = (tree: Tree, { line }: BootQuestion): string => {
  const known = line ?? readKernelLine(tree)
  if (known !== undefined) return known
  throw unsupported(
    'not-shown',
    '/proc/cmdline: the kernel command line cannot be read here',
    '\'hugepool boot --line "WORDS"\' explains a line that is typed',
  )
}

const readFoundPools = (tree: Tree): FoundPools => {
  const { pools } = readPools(tree, true)
  const defaultSize = pools.find(({ isDefault }) => isDefault)?.size
  return present({
    pools: pools.map(
      ({ size, total, nodes }): PredictedPool => ({
        size,
        total,
        nodes: nodes.map((node) => ({ node: node.node, total: node.total })),
      }),
    ),
    defaultSize,
  })
}

/**
 * Explains a kernel command line: what a kernel makes of each of its words about huge pages, and
 * which pools they give. Reads only. Throws E_UNSUPPORTED without HugeTLB, and where the line or
 * the version is not named and cannot be read.
 */
export const explainBoot = async (ports: Ports, question: BootQuestion): Promise<BootAnswer> => {
  const { tree } = ports
  const isOwn =
    question.line === undefined && question.series === undefined && question.kind === undefined
  const found = isOwn ? readFoundPools(tree) : undefined
  const line = lineToExplain(tree, question)
  const { series, machine } = readAskedKernel(tree, question)
  const prediction = predictBoot(line, series, machine)
  return {
    line,
    series,
    prediction,
    ...present({ found }),
    ...(question.check && { faults: lineFaults(prediction.words, machine) }),
    others: question.allKernels ? otherMeanings(line, series, machine) : [],
  }
}
