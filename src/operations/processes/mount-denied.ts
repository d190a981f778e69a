import { HugepoolError, objectionOf } from '../../errors.ts'
import { readPrivilege } from '../../kernel/processes/read-privilege.ts'
import { isLive } from '../../kernel/tree.ts'
import { mayMount, mayUnmount, type Privilege } from '../../model/processes/privilege.ts'
import { present } from '../../model/words/present.ts'
import { mountRootHint, unmountRootHint } from '../../model/words/root-hint.ts'
import type { MountResult } from '../mounts/mount-directory.ts'
import type { UmountResult } from '../mounts/umount-directory.ts'
import { checkUnpersist } from '../mounts/unpersist-mount.ts'
import type { Ports } from '../ports.ts'

const notPermitted = (what: string, hint: string) =>
  new HugepoolError('E_PERMISSION', 'not-root', `${what}: operation not permitted`, hint)

/** Whether this process is seen to lack a right. Of a recorded machine no rights are known. */
const lacks = ({ tree }: Ports, may: (privilege: Privilege) => boolean): boolean => {
  const privilege = isLive(tree) ? readPrivilege(tree) : undefined
  return privilege !== undefined && !may(privilege)
}

/**
 * Adds to a dry run the first error that a real run would meet for want of a right: in /etc, in
 * mounting itself, or where a directory is to be made.
 */
export const withMountDenied = (ports: Ports, result: MountResult): MountResult => {
  if (result.kind !== 'dry-run') return result
  const { target, acts, denied, directoryDenied } = result
  const mount = acts && lacks(ports, mayMount)
  const first = mount ? notPermitted(`mount ${target}`, mountRootHint) : directoryDenied
  return present({ ...result, denied: denied ?? first })
}

/**
 * Adds to a dry run of `umount` the first error that a real run would meet for want of a right,
 * where there is something to unmount, or to remove in /etc.
 */
export const withUmountDenied = (ports: Ports, result: UmountResult): UmountResult => {
  if (result.kind !== 'dry-run') return result
  const { target, forecast, dropped } = result
  const inEtc = dropped !== undefined && isLive(ports.tree)
  const [denied] = inEtc ? objectionOf(() => checkUnpersist(ports, target)) : []
  const mounted = forecast !== undefined && lacks(ports, mayUnmount)
  return present({
    ...result,
    denied: denied ?? (mounted ? notPermitted(target, unmountRootHint) : undefined),
  })
}
