import { newestSeries } from '../../model/boot/kernel-series.ts'
import type { LineTarget } from '../../model/boot/line-request.ts'
import type { Tree } from '../tree.ts'
import { readBootMachine, readKernelSeries } from './read-boot-machine.ts'

/**
 * Reads which kernel reads a command line here, and on which machine. A kernel that does not tell its
 * release is taken for one of the newest series whose rules are known.
 */
export const readLineTarget = (tree: Tree): LineTarget => ({
  series: readKernelSeries(tree) ?? newestSeries,
  machine: readBootMachine(tree),
})
