import { inHeldDirectory } from '../held-directory.ts'
import type { Native } from './native.ts'

/**
 * Returns native calls that mount and unmount at a path without following any link in it. The
 * kernel would follow those before the last component, and a user who owns a directory there could
 * put a link in place of the one that was looked at.
 */
export const withHeldTargets = (native: Native): Native => {
  const held: Pick<Native, 'mount' | 'moveMount' | 'umount'> = {
    // mount(2) follows a link in the last component too: the directory itself is held.
    mount: (source, target, type, flags, data) =>
      inHeldDirectory(`${target}/.`, (reach) => native.mount(source, reach, type, flags, data)),
    moveMount: (mount, target) =>
      inHeldDirectory(target, (reach) => native.moveMount(mount, reach)),
    // A descriptor of the mount itself would keep it busy.
    umount: (target, flags) => inHeldDirectory(target, (reach) => native.umount(reach, flags)),
  }
  return Object.assign(Object.create(native) as Native, held)
}
