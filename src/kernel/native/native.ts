import { unsupported } from '../../errors.ts'
import { isLive, type Tree } from '../tree.ts'
import type { MappingCalls, ThreadPolicy } from './native-mapping.ts'

/** The native addon: only what Node cannot call. Arguments are checked by its callers. */
export interface Native extends MappingCalls {
  /** flock(2). Throws EAGAIN where LOCK_NB would have to wait. */
  flock(descriptor: number, operation: number): void
  /** PR_SET_PDEATHSIG of prctl(2): the kernel kills this process when the one that started it ends. */
  endWithParent(): void
  /** set_mempolicy(2) of the calling thread. */
  setMempolicy(mode: number, nodes: readonly number[]): void
  /** get_mempolicy(2) of the calling thread. */
  getMempolicy(): ThreadPolicy
  /** fsopen(2) with FSOPEN_CLOEXEC: a descriptor, from which the kernel's own words can be read. */
  fsopen(type: string): number
  /** fsconfig(2); commands without a key or a value leave it out. */
  fsconfig(context: number, command: number, key?: string, value?: string): void
  /** fsmount(2) with FSMOUNT_CLOEXEC: a descriptor of a mount that is attached nowhere. */
  fsmount(context: number, attributes: number): number
  /** move_mount(2) of such a mount; follows no symbolic link in the last component. */
  moveMount(mount: number, target: string): void
  mount(source: string, target: string, type: string, flags: number, data: string): void
  /** umount2(2). */
  umount(target: string, flags: number): void
}

const loaded = (load: () => Native): Native => {
  try {
    return load()
  } catch {
    throw unsupported('the native addon cannot be loaded', "'npm run build' makes it")
  }
}

/**
 * The addon for a tree, loaded when it is first needed. With any root but the running kernel's it
 * is refused, so that no test and no recording can lock, mount or map by accident.
 */
export const nativeFor = (tree: Tree, load: () => Native): (() => Native) => {
  let native: Native | undefined
  return () => {
    if (!isLive(tree)) throw unsupported(`${tree.root} is not the running kernel: no native calls`)
    native ??= loaded(load)
    return native
  }
}
