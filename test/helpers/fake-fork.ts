import type {
  ForkingMapping,
  SegmentRequest,
  TouchedPages,
} from '../../src/kernel/native/native-mapping.ts'
import { policyModes } from '../../src/model/words/policy.ts'
import type { FakeKernel, Mapping } from './fake-kernel/fake-kernel.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'

type Forking = Pick<ForkingMapping, 'fork' | 'endFork'>

/** Of a mapping that nobody forks. */
export const forksNot: Forking = {
  fork: () => {
    throw new Error('nothing forks here')
  },
  endFork: () => {},
}

/**
 * A child on the fake kernel: of a private mapping each page that it writes is copied (hugetlb_wp), with
 * nothing reserved for it; a shared one it has in common with its parent.
 */
export const fakeFork = (
  kernel: FakeKernel,
  { pageSize, shared, forks, policy }: SegmentRequest & { readonly shared: boolean },
): Forking => {
  let copies: Mapping | undefined
  return {
    fork: async ({ from, to }): Promise<TouchedPages> => {
      if (forks !== true) throw systemError('EINVAL', 'fork')
      let page = from
      const done = () => ({ pages: page - from, seconds: 0.5, stopped: false, reached: page })
      if (shared) {
        page = to
        return done()
      }
      const bind = policy?.mode === policyModes.bind ? { bind: policy.nodes } : {}
      const how = { noreserve: true, survives: true, ...bind }
      copies = kernel.map(BigInt(pageSize), BigInt(to - from), how)
      try {
        for (; page < to; page += 1) copies.touch(1n)
      } catch {
        return { ...done(), failure: { page, errno: 'SIGBUS' } }
      }
      return done()
    },
    endFork: () => {
      copies?.unmap()
      copies = undefined
    },
  }
}
