import type { MountLine } from '../../../model/mounts/hugetlbfs-mount.ts'
import { deviceOf, readNamespaces } from '../../mounts/mount-device.ts'

/** The hugetlbfs among lines of mountinfo that were mounted over another mount. */
const covering = (lines: readonly MountLine[]): readonly MountLine[] =>
  lines.filter(
    ({ type, parent, target }) =>
      type === 'hugetlbfs' && lines.some((line) => line.id === parent && line.target === target),
  )

/**
 * The devices, in the form of /proc/PID/maps, of hugetlbfs mounts that hide another mount in some
 * mount namespace that can be seen.
 */
export const coveringDevices = (proc: string): ReadonlySet<string> =>
  new Set(
    readNamespaces(proc).flatMap(({ lines }) =>
      covering(lines).map(({ device }) => deviceOf(device).hex),
    ),
  )
