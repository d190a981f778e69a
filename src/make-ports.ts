import { systemClock } from './kernel/clock.ts'
import { type Native, nativeFor } from './kernel/native/native.ts'
import { isLive, type Tree } from './kernel/tree.ts'
import type { Outside } from './main.ts'
import { saysYes } from './model/words/answer.ts'
import { present } from './model/words/present.ts'
import type { Ports } from './operations/ports.ts'
import { socketOf } from './socket-of.ts'
import { startProgram } from './start-program.ts'

/** What an operation reports to, while it works. */
type Reports = Pick<Ports, 'watchSignals' | 'note' | 'reason' | 'progress'>

/**
 * Makes the ports of an operation on a tree. Code that few operations need is loaded when it is
 * used.
 */
export const makePorts = (outside: Outside, tree: Tree, reports: Reports): Ports => {
  const { streams, loadNative, program, packaged, clock, run, ...given } = outside
  const native = given.native ? () => given.native as Native : nativeFor(tree, loadNative)
  return {
    tree,
    native,
    mapper: async () =>
      given.mapper ??
      (await import('./kernel/mapping/mapper.ts')).mapperWith(native(), program ?? []),
    ...present({ program, packaged, run: run ?? (isLive(tree) ? startProgram : undefined) }),
    ...(clock ?? systemClock),
    passedSocket: socketOf(streams),
    ask: (question) => saysYes(streams.ask?.(question)),
    ...reports,
  }
}
