import type { ProcessSpace } from '../../model/processes/process-identity.ts'
import { present } from '../../model/words/present.ts'
import { kilobytesIn, readStatus } from '../process-status.ts'
import { readIfReadable, readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** Reads what a process has mapped, which is this one where none is named. */
export const readProcessSpace = (tree: Tree, process = 'self'): ProcessSpace => {
  const status = readStatus(tree, process)
  const maps = readIfReadable(tree, `/proc/${process}/maps`)
  return present({
    mapped: kilobytesIn(status, 'VmSize'),
    data: kilobytesIn(status, 'VmData'),
    mappings: maps === undefined ? undefined : BigInt(maps.split('\n').length - 1),
    mostMappings: readNumberIfPresent(tree, '/proc/sys/vm/max_map_count'),
  })
}
