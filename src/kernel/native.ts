import { unsupported } from '../errors.ts'
import { isLive, type Tree } from './tree.ts'

/** The native addon: only what Node cannot call. Arguments are checked by its callers. */
export interface Native {
  /** flock(2). Throws EAGAIN where LOCK_NB would have to wait. */
  flock(descriptor: number, operation: number): void
  /** set_mempolicy(2) of the calling thread. */
  setMempolicy(mode: number, nodes: readonly number[]): void
  /** get_mempolicy(2) of the calling thread. */
  getMempolicy(): { readonly mode: number; readonly nodes: readonly number[] }
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
