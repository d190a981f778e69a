import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { unattachedMount } from '../../src/kernel/mounts/attach-mount.ts'
import type { Native } from '../../src/kernel/native/native.ts'
import type { DesiredMount } from '../../src/model/mounts/desired-mount.ts'
import { type Errno, systemError } from './fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from './fake-native.ts'
import { temporary } from './run.ts'
import { M } from './sizes.ts'

export const desired: DesiredMount = {
  target: '/mnt/huge',
  pageSize: 2n * M,
  size: 8n * M,
  minSize: 2n * M,
  inodes: 9n,
  uid: 5,
  gid: 6,
  mode: '0770',
  flags: ['ro', 'nosuid', 'nodev', 'noexec'],
}

export const isOpen = (descriptor: number): boolean => {
  try {
    fstatSync(descriptor)
    return true
  } catch {
    return false
  }
}

export interface Stage {
  readonly calls: string[]
  readonly opened: number[]
  readonly native: Native
}

/** A kernel whose descriptors are files, and that fails in the call that begins with `failing`. */
export const stage = (t: Test, failing = 'nothing', errno: Errno = 'EINVAL', words = ''): Stage => {
  const file = join(temporary(t), 'words')
  writeFileSync(file, words)
  const calls: string[] = []
  const opened: number[] = []
  const call = (...line: readonly unknown[]) => {
    calls.push(line.filter((word) => word !== undefined).join(' '))
    if (calls.at(-1)?.startsWith(failing)) throw systemError(errno, 'mount')
  }
  const descriptor = () => {
    const fd = openSync(file, 'r')
    opened.push(fd)
    return fd
  }
  const native = nativeWith({
    // Nobody else mounts here.
    flock: () => {},
    fsopen: (type) => {
      call('fsopen', type)
      return descriptor()
    },
    fsconfig: (_, command, key, value) => call('fsconfig', command, key, value),
    fsmount: (_, attributes) => {
      call('fsmount', attributes)
      return descriptor()
    },
    moveMount: (_, target) => call('move_mount', target),
    mount: (...words) => call('mount', ...words),
  })
  return { calls, opened, native }
}

export const attach = ({ native }: Stage, what = desired): void => {
  const unattached = unattachedMount(native, what)
  try {
    unattached.attach()
  } finally {
    unattached.close()
  }
}

/** No descriptor may outlive a call, or the file system would. */
export const allClosed = (t: Test, { opened }: Stage) => {
  t.strictSame(opened.filter(isOpen), [], 'all descriptors are closed')
  for (const fd of opened.filter(isOpen)) closeSync(fd)
}
