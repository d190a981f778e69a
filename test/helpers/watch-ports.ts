import type { StopSignal } from '../../src/errors.ts'
import type { Ports } from '../../src/operations/ports.ts'
import type { FakeClock } from './fake-clock.ts'
import { fakeClock } from './fake-clock.ts'
import type { FakeKernel } from './fake-kernel/fake-kernel.ts'
import { nativeOf } from './fake-native.ts'

/** Ports on a fake kernel, for operations that only look; a signal comes as soon as one is set. */
export const watchPorts = (
  kernel: FakeKernel,
): Ports & { readonly time: FakeClock; signal: StopSignal | undefined } => {
  const time = fakeClock()
  const ports = {
    tree: kernel,
    native: () => nativeOf(kernel),
    mapper: async () => {
      throw new Error('a look maps nothing')
    },
    watchSignals: () => ({ pending: () => ports.signal }),
    note: () => {},
    reason: () => {},
    progress: () => {},
    ...time,
    time,
    signal: undefined as StopSignal | undefined,
  }
  return ports
}
