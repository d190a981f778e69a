import { asOctets, type Octets, textOf } from '../../../model/etc/octets.ts'
import { containerName } from '../../../model/processes/who/container-name.ts'
import type { HolderProcess } from '../../../model/processes/who/page-hold.ts'
import { present } from '../../../model/words/present.ts'
import { commandIn, effectiveId, readStatus, statusLine } from '../../process-status.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'
import { ifShown, readAll } from './quick-read.ts'

/** Finds the name of a user by its number in /etc/passwd, which is read when it is first needed. */
export const userNames = (tree: Tree): ((uid: number) => string | undefined) => {
  let names: ReadonlyMap<number, string> | undefined
  return (uid) => {
    names ??= new Map(
      (readIfReadable(tree, '/etc/passwd') ?? '')
        .split('\n')
        .map((line) => line.split(':'))
        .filter(([name, , id]) => name && id !== undefined && /^\d+$/.test(id))
        .map(([name = '', , id]) => [Number(id), textOf(asOctets(name))] as const)
        .reverse(),
    )
    return names.get(uid)
  }
}

/** Who a process is, from the texts of its /proc/PID/status and /proc/PID/cgroup. */
export const processOf = (
  pid: string,
  status: Octets,
  cgroup: string | undefined,
  userOf: (uid: number) => string | undefined,
): HolderProcess => {
  const parent = statusLine(status, 'PPid')
  const user = effectiveId(status, 'Uid')
  const uid = user === undefined ? undefined : Number(user)
  return present({
    pid: Number(pid),
    parent: parent === undefined ? undefined : Number(parent),
    uid,
    user: uid === undefined ? undefined : userOf(uid),
    command: commandIn(status),
    container: cgroup === undefined ? undefined : containerName(cgroup),
  })
}

/** Returns a function that tells who a process is; each process is looked at once. */
export const processFinder = (proc: string, userOf: (uid: number) => string | undefined) => {
  const known = new Map<string, HolderProcess>()
  return (pid: string): HolderProcess => {
    const before = known.get(pid)
    if (before !== undefined) return before
    const status = ifShown(() => readAll(`${proc}/${pid}/status`)) ?? asOctets('')
    const cgroup = ifShown(() => readAll(`${proc}/${pid}/cgroup`))
    const found = processOf(pid, status, cgroup, userOf)
    known.set(pid, found)
    return found
  }
}

/** Tells who a process of a recorded machine is: its files are in the tree alone. */
export const recordedProcess = (
  tree: Tree,
  pid: string,
  userOf: (uid: number) => string | undefined,
): HolderProcess =>
  processOf(pid, readStatus(tree, pid), readIfReadable(tree, `/proc/${pid}/cgroup`), userOf)
