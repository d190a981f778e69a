import { writeBlock } from '../../../kernel/mapping/copying/block-transfers.ts'
import type { CopySink } from './page-sink.ts'
import { type RunningCopy, unlessStopped } from './running-copy.ts'

/** Writes what is copied to a file by write(2), or to a stream, which knows no positions. */
export const byteSink = (copy: RunningCopy, descriptor: number): CopySink => ({
  put: (position, data) => {
    const at = copy.target === undefined ? null : position
    return unlessStopped(copy, writeBlock(descriptor, data, at))
  },
  close: async () => {},
  placement: () => [],
})
