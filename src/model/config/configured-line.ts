import type { BootMachine } from '../boot/boot-machine.ts'
import { nodesWithMemory } from '../boot/boot-machine.ts'
import { cmaOfWord } from '../boot/cma-request.ts'
import type { LineRequest } from '../boot/line-request.ts'
import type { Assignment } from '../words/assignment.ts'
import { formatSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import type { Configuration, ConfiguredPool } from './configuration.ts'
import { pagesValue } from './print-words.ts'

/** The parts of a configuration that a kernel command line can bring. */
export type LineConfiguration = Pick<Configuration, 'pools' | 'boot' | 'leave'>

/**
 * Returns the pages of a pool that belong on the line; undefined where none do. Of an optional pool
 * what the machine lacks is left out.
 */
export const poolOnLine = (
  { size, pages, boot, optional }: ConfiguredPool,
  machine: BootMachine,
): Assignment | undefined => {
  if (!boot || pages === undefined) return undefined
  if (optional && !machine.sizes.includes(size)) return undefined
  const { counts } = pages
  const there = nodesWithMemory(machine)
  const kept =
    'kind' in counts || !optional
      ? counts
      : counts.filter((one) => there.some(({ node }) => node === one.node))
  return { text: `${formatSize(size)}=${pagesValue(pages)}`, size, counts: kept }
}

/**
 * Makes the request for a kernel command line with what a configuration wants of it: the pools with
 * `boot = true`, and the table `[boot]`.
 */
export const configuredLine = (
  { pools, boot, leave }: LineConfiguration,
  machine: BootMachine,
): LineRequest => {
  const { defaultPageSize: defaultSize, freeVmemmap, cma } = boot
  return present({
    assignments: pools.flatMap((pool) => poolOnLine(pool, machine) ?? []),
    defaultSize,
    freeVmemmap,
    cma: cma === undefined ? undefined : cmaOfWord(cma),
    leave,
  })
}
