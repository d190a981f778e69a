import { unsupported } from '../../errors.ts'
import { readBootMachine, readKernelSeries } from '../../kernel/boot/read-boot-machine.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { BootArchitecture } from '../../model/boot/boot-architectures.ts'
import type { KernelSeries } from '../../model/boot/kernel-series.ts'
import type { LineTarget } from '../../model/boot/line-request.ts'

/** The kernel that is meant. A key that is absent means that of this machine. */
export interface AskedKernel {
  readonly series?: KernelSeries
  readonly kind?: BootArchitecture
}

const seriesOf = (tree: Tree, { series }: AskedKernel): KernelSeries => {
  const known = series ?? readKernelSeries(tree)
  if (known !== undefined) return known
  throw unsupported(
    'not-shown',
    '/proc/sys/kernel/osrelease: the version of the kernel cannot be read here',
    "'hugepool boot --kernel 6.12' names one",
  )
}

/**
 * Tells the kernel that reads a line, and what it finds on this machine. Throws E_UNSUPPORTED where
 * the version of the kernel cannot be read and is not named.
 */
export const readAskedKernel = (tree: Tree, asked: AskedKernel): LineTarget => ({
  series: seriesOf(tree, asked),
  machine: readBootMachine(tree, asked.kind),
})
