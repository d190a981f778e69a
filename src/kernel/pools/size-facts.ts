import type { SizeFacts } from '../../model/pools/possible-sizes.ts'
import { present } from '../../model/words/present.ts'
import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { readPageSizes } from './pools.ts'

/** Returns the flags of the first CPU. Only x86 has a line of this name. */
export const cpuFlagsIn = (cpuinfo: string): readonly string[] | undefined =>
  /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/)

/**
 * Reads the facts that decide which page sizes a machine could have. /proc/sys/kernel/arch exists
 * from 6.1 on; before, most distributions have the architecture in the name of the release. The
 * architecture of this process does not count: the tree may be the recording of another machine.
 */
export const readSizeFacts = (tree: Tree): SizeFacts => {
  const name = readIfReadable(tree, '/proc/sys/kernel/arch')?.trim()
  const release = readIfReadable(tree, '/proc/sys/kernel/osrelease')?.trim()
  return present({
    sizes: readPageSizes(tree),
    architecture: name ? name : release,
    isNamed: name ? true : undefined,
    cpuFlags: cpuFlagsIn(readIfReadable(tree, '/proc/cpuinfo') ?? ''),
  })
}
