import { writeBlock } from '../../../kernel/mapping/copying/block-transfers.ts'
import type { CopySink } from './page-sink.ts'
import { type RunningCopy, unlessStopped } from './running-copy.ts'

/** Makes a sink that writes to a file, at positions, or to a stream, which has no positions. */
export const byteSink = (copy: RunningCopy, descriptor: number): CopySink => ({
  put: (position, data) => {
    const at = copy.target === undefined ? null : position
    return unlessStopped(copy, writeBlock(descriptor, data, at))
  },
  close: async () => {},
  placement: () => [],
})
