import type { FakeKernel } from './fake-kernel/fake-kernel.ts'
import { type Errno, systemError } from './fake-kernel/fake-kernel-errors.ts'

const top = '/sys/fs/cgroup'

/**
 * Gives a fake kernel the second version of cgroups. Its one process moves by writing to cgroup.procs of
 * any group, or is refused; `files` are those of limits, by their paths below the mount.
 */
export const cgroupsOn = (
  kernel: FakeKernel,
  files: Readonly<Record<string, string>> = {},
  refusal?: Errno,
): void => {
  kernel.extra.set('/proc/self/mountinfo', `30 25 0:26 / ${top} rw - cgroup2 cgroup2 rw\n`)
  kernel.extra.set('/proc/self/cgroup', '0::/\n')
  for (const [path, text] of Object.entries(files)) kernel.extra.set(`${top}${path}`, text)
  const { write } = kernel
  kernel.write = (path, value) => {
    const group = /^\/sys\/fs\/cgroup(.*)\/cgroup\.procs$/.exec(path)?.[1]
    if (group === undefined) return write(path, value)
    if (refusal !== undefined) throw systemError(refusal, 'write', path)
    if (value !== '0') throw systemError('ESRCH', 'write', path)
    kernel.extra.set('/proc/self/cgroup', `0::${group || '/'}\n`)
    return undefined
  }
}
