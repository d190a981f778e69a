import { statSync } from 'node:fs'
import { asOctets } from '../../../model/etc/octets.ts'
import type { HiddenBy } from '../../../model/mounts/hidden-by.ts'
import { mountinfoPath, parseMountinfoLines } from '../../mounts/mountinfo.ts'
import { namespaceOf } from '../../namespace-link.ts'
import { capableByStatus, readStatus, statusLine } from '../../process-status.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'
import { ifShown, readAll } from './quick-read.ts'

/** Values of hidepid that leave processes out; before 5.8 the kernel shows numbers. */
const hiding = /(?:^|,)hidepid=(?:2|4|invisible|ptraceable)(?:,|$)/

const mayTrace = (tree: Tree): boolean =>
  capableByStatus(readStatus(tree), 'CAP_SYS_PTRACE') === true

/**
 * Tells whether the first process is shown though it is of another user. Then all are, by the option
 * `gid`.
 */
const showsFirst = (proc: string): boolean => {
  const ownerOf = (name: string) => ifShown(() => statSync(`${proc}/${name}`).uid)
  const first = ownerOf('1')
  return first !== undefined && first !== ownerOf('self')
}

const isHiding = (tree: Tree, proc: string): boolean => {
  const { lines } = parseMountinfoLines(readIfReadable(tree, mountinfoPath) ?? asOctets(''))
  const mounted = lines.findLast(({ target }) => target === '/proc')
  return (
    mounted?.type === 'proc' && hiding.test(mounted.options) && !mayTrace(tree) && !showsFirst(proc)
  )
}

/** The inode of the machine's PID namespace, PROC_PID_INIT_INO of include/linux/proc_ns.h (3.8). */
const machineNamespace = 'pid:[4026531836]'

/**
 * Whether /proc shows kthreadd, the second process of the machine and of no other PID namespace. It
 * has no memory; a process that has ended has none either.
 */
const showsKernelThreads = (proc: string): boolean => {
  const status = ifShown(() => readAll(`${proc}/2/status`)) ?? asOctets('')
  return (
    statusLine(status, 'Name') === 'kthreadd' &&
    statusLine(status, 'PPid') === '0' &&
    statusLine(status, 'VmSize') === undefined &&
    statusLine(status, 'State')?.startsWith('Z') === false
  )
}

/** Whether /proc is that of a PID namespace in which not all processes of the machine are. */
const isOfNamespace = (proc: string): boolean => {
  const own = namespaceOf(`${proc}/self`, 'pid')
  return own !== undefined && own !== machineNamespace && !showsKernelThreads(proc)
}

/**
 * Finds why /proc leaves out processes (has_pid_permissions and proc_pid_readdir in fs/proc/base.c): it
 * is mounted with `hidepid`, and this process may not trace all of them; it is that of another PID
 * namespace than the machine's; or it is missing. Undefined where it shows all.
 */
export const hiddenBy = (tree: Tree, proc: string): HiddenBy | undefined => {
  const isThere = [mountinfoPath, '/proc/self/status'].some(
    (path) => readIfReadable(tree, path) !== undefined,
  )
  if (!isThere) return 'unmounted'
  if (isHiding(tree, proc)) return 'users'
  return isOfNamespace(proc) ? 'namespace' : undefined
}
