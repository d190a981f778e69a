import { fchmodSync, fchownSync, fstatSync, lstatSync, type Stats } from 'node:fs'
import { HugepoolError } from '../errors.ts'
import type { Octets } from '../model/etc/octets.ts'
import { rootHint } from '../model/words/root-hint.ts'
import { capableByStatus, effectiveId, readStatus, statusLine } from './process-status.ts'
import { directoryTree } from './tree.ts'

/** A user and a group, by their numbers. */
export type Owner = Pick<Stats, 'uid' | 'gid'>

/**
 * Gives an open file with a mode to the owner of another file. The mode was set before, because that
 * of a file of somebody else takes CAP_FOWNER. chown(2) takes setuid and setgid away.
 */
export const giveLike = (descriptor: number, old: Owner, mode: number): void => {
  const { uid, gid } = fstatSync(descriptor)
  if (old.uid === uid && old.gid === gid) return
  fchownSync(descriptor, old.uid, old.gid)
  if ((mode & 0o6000) !== 0) fchmodSync(descriptor, mode)
}

/**
 * Whether a process may give a file of its own to a user and a group (chown_ok and chgrp_ok in
 * fs/attr.c). True where its status does not tell: then fchown(2) does.
 */
export const mayGiveTo = (status: Octets, { uid, gid }: Owner): boolean => {
  if (capableByStatus(status, 'CAP_CHOWN') !== false) return true
  const groups = [effectiveId(status, 'Gid'), ...(statusLine(status, 'Groups') ?? '').split(' ')]
  return effectiveId(status, 'Uid') === BigInt(uid) && groups.map(String).includes(`${gid}`)
}

/**
 * Throws E_PERMISSION where the file that replaces another could not be given to its owner, or a new one to
 * `ownerOfNew`. `file` has no link on its way, and `path` is how it is named to a person.
 */
export const checkOwner = (
  file: string,
  path: string,
  ownerOfNew?: Owner,
  status = () => readStatus(directoryTree('/')),
): void => {
  const found = lstatSync(file, { throwIfNoEntry: false })
  const owner = found ?? ownerOfNew
  if (owner === undefined || mayGiveTo(status(), owner)) return
  const { uid, gid } = owner
  throw new HugepoolError(
    'E_PERMISSION',
    'not-root',
    `${path}: ${found === undefined ? 'is to belong' : 'belongs'} to user ${uid} and group ${gid}, to whom only root (CAP_CHOWN) may give a file`,
    rootHint,
  )
}
