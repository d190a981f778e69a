import { newestSeries } from '../../model/boot/kernel-series.ts'
import type { LineTarget } from '../../model/boot/line-request.ts'
import type { Tree } from '../tree.ts'
import { readBootMachine, readKernelSeries } from './read-boot-machine.ts'

/**
 * Reads the kernel and the machine for which a command line is meant. A kernel that does not show
 * its release counts as one of the newest series whose rules are known.
 */
export const readLineTarget = (tree: Tree): LineTarget => ({
  series: readKernelSeries(tree) ?? newestSeries,
  machine: readBootMachine(tree),
})
