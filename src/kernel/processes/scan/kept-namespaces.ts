import { readlinkSync } from 'node:fs'
import { asOctets } from '../../../model/etc/octets.ts'
import { namespaceOf } from '../../namespace-link.ts'
import type { Native } from '../../native/native.ts'
import { processIds } from '../../process-list.ts'
import { release } from '../../release-descriptor.ts'
import { ifShown } from './quick-read.ts'
import { scanPassingMounts } from './scan-mounts.ts'
import type { Scan } from './scan-state.ts'

/** Makes the path of a descriptor of this process. */
const pathOfDescriptor = (descriptor: number): string => `/proc/self/fd/${descriptor}`

/** Finds the mount namespaces that processes are in, as `mnt:[4026531841]`. */
const inhabited = (proc: string): ReadonlySet<string> =>
  new Set(
    ['self', ...processIds(proc)].flatMap((pid) => namespaceOf(`${proc}/${pid}`, 'mnt') ?? []),
  )

const scanNamespace = (scan: Scan, native: Native, path: string): void => {
  const seen = ifShown(() => native.lookIntoMounts(path))
  if (seen === undefined) return
  try {
    scanPassingMounts(scan, asOctets(seen.table.toString('latin1')), pathOfDescriptor(seen.root))
  } finally {
    release(seen.root)
  }
}

/**
 * Looks at the mounts of the namespaces that no process is in: a descriptor keeps them, one on its way
 * through a socket too, or a mount of their file. The kernel lists all of them from 6.12 on
 * (fs/nsfs.c); before, those are found that descriptors and mounts were seen to keep.
 */
export const scanKeptMounts = (scan: Scan): void => {
  const { native, proc, kept } = scan
  if (native === undefined) return
  const known = new Set(inhabited(proc))
  const visit = (name: string, path: string): void => {
    if (!name.startsWith('mnt:') || known.has(name)) return
    known.add(name)
    scanNamespace(scan, native, path)
  }
  ifShown(() =>
    native.eachMountNamespace((space) => {
      const path = pathOfDescriptor(space)
      visit(readlinkSync(path), path)
    }),
  )
  for (const [name, path] of kept) visit(name, path)
}
