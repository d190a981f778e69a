import { HugepoolError } from './errors.ts'
import type { Tree } from './kernel/tree.ts'
import { present } from './model/words/present.ts'
import { asksForRoot } from './model/words/root-hint.ts'
import type { View } from './output/view.ts'

/**
 * Gives an error about privilege the hint that fits this process. The code that this takes is
 * loaded for such errors alone. `self` is the tree with the facts of this process, where there is
 * one.
 */
export const fitToSelf = async (
  error: HugepoolError,
  self: Tree | undefined,
): Promise<HugepoolError> => {
  if (self === undefined || error.ofOtherUser) return error
  if (error.reason !== 'not-root' && !asksForRoot(error.hint ?? '')) return error
  try {
    return (await import('./operations/processes/fit-error.ts')).fitError(error, self)
  } catch {
    // The error that is to be told matters more than its hint.
    return error
  }
}

/** Gives the errors in a view the hints that fit this process. */
export const fitView = async (view: View, self: Tree | undefined): Promise<View> => {
  const { failure, denied } = view
  if (failure === undefined && denied === undefined) return view
  return present({
    ...view,
    failure: failure && (await fitToSelf(failure, self)),
    denied: denied && (await fitToSelf(denied, self)),
  })
}

/**
 * Makes a function that throws an error again. A page size without a pool is told along with what
 * that size needs.
 */
export const rethrowWithSize =
  (tree: Tree) =>
  async (thrown: unknown): Promise<never> => {
    if (!(thrown instanceof HugepoolError && 'pageSize' in thrown.details)) throw thrown
    throw (await import('./operations/pools/missing-size.ts')).withSizeAdvice(thrown, tree)
  }
