import { statSync } from 'node:fs'
import { asOctets } from '../../../model/etc/octets.ts'
import { mountinfoPath, parseMountLines } from '../../mounts/mountinfo.ts'
import { readStatus, statusLine } from '../../process-status.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'
import { ifShown } from './quick-read.ts'

/** The values of the option that leave processes out; before 5.8 they are numbers. */
const hiding = /(?:^|,)hidepid=(?:2|4|invisible|ptraceable)(?:,|$)/

/** CAP_SYS_PTRACE, from include/uapi/linux/capability.h. */
const ptrace = 19n

const mayTrace = (tree: Tree): boolean => {
  const mask = statusLine(readStatus(tree), 'CapEff')
  return mask !== undefined && ((BigInt(`0x${mask}`) >> ptrace) & 1n) === 1n
}

/** Whether the first process is shown though it is of another user: then all are, by the option `gid`. */
const showsFirst = (proc: string): boolean => {
  const ownerOf = (name: string) => ifShown(() => statSync(`${proc}/${name}`).uid)
  const first = ownerOf('1')
  return first !== undefined && first !== ownerOf('self')
}

/**
 * Whether /proc leaves out processes of others (has_pid_permissions in fs/proc/base.c): where it is
 * mounted with `hidepid`, and this process may not trace all of them.
 */
export const hidesProcesses = (tree: Tree, proc: string): boolean => {
  const { lines } = parseMountLines(readIfReadable(tree, mountinfoPath) ?? asOctets(''))
  const mounted = lines.findLast(({ target }) => target === '/proc')
  return (
    mounted?.type === 'proc' && hiding.test(mounted.options) && !mayTrace(tree) && !showsFirst(proc)
  )
}
