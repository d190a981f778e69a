import { statSync } from 'node:fs'
import type { Native } from '../../src/kernel/native/native.ts'
import type { FakeKernel } from './fake-kernel/fake-kernel.ts'

/** Stands for what a test does not expect to be called. */
export const none = (): never => {
  throw new Error('this test has no such call')
}

/** Native calls of which a test gives those that it expects. */
export const nativeWith = (calls: Partial<Native>): Native => ({
  flock: none,
  setLease: none,
  getLease: none,
  rename: none,
  setMempolicy: none,
  getMempolicy: none,
  fsopen: none,
  fsconfig: none,
  fsmount: none,
  moveMount: none,
  mount: none,
  umount: none,
  map: none,
  attachSegment: none,
  memfd: none,
  canPopulate: none,
  endWithParent: none,
  groupsOf: none,
  actAs: none,
  seek: none,
  linkDescriptor: none,
  setTimes: none,
  ipcFile: () => '',
  atSegment: none,
  removeSegment: none,
  eachMountNamespace: () => {},
  lookIntoMounts: none,
  kcmp: () => {
    throw Object.assign(new Error('ENOSYS'), { code: 'ENOSYS' })
  },
  statAsKnown: (path) => statSync(path, { bigint: true }),
  ...calls,
})

/**
 * The policy of a thread as set_mempolicy(2) keeps it: mode 0 is the default one. Every user has two
 * groups: the one that is given, and one whose number is the length of the name.
 */
export const nativeOf = (kernel: FakeKernel, calls: string[] = []): Native => {
  let policy: ReturnType<Native['getMempolicy']> = { mode: 0, nodes: [] }
  return nativeWith({
    setMempolicy: (mode, nodes) => {
      calls.push(`${mode}:${nodes.join(',')}`)
      policy = { mode, nodes }
      kernel.policy = mode === 0 ? undefined : nodes
    },
    getMempolicy: () => policy,
    groupsOf: (name, group) => [group, name.length],
    actAs: (user, group, groups) => {
      calls.push(`as ${user}:${group}:${groups.join(',')}`)
      return () => {
        calls.push('as before')
      }
    },
  })
}
