import { parseRecord, type RecordedMount, recordText } from '../../model/config/recorded-mount.ts'
import { octets, textOf } from '../../model/etc/octets.ts'
import { explain } from '../errno.ts'
import { onDirectory } from '../etc/directory-entries.ts'
import { readRegular, replaceFile } from '../etc/replace-file.ts'
import { seenBelow } from '../etc/seen-below.ts'
import { checkOwner } from '../file-owner.ts'
import { belowRoot } from '../root-path.ts'
import type { Tree } from '../tree.ts'
import { checkRootAlone, ownerOfNew } from '../trusted-path.ts'

/** The record of mounts that `apply` made. It is in /run, so it lasts no longer than they do. */
export const mountRecordPath = '/run/hugepool/mounts.json'

/**
 * Reads the record; undefined where the file is garbage, and empty where there is no file. Throws
 * E_REFUSED where others than root can change it: what it names may be unmounted.
 */
export const readMountRecord = (
  { root }: Tree,
  path = mountRecordPath,
): readonly RecordedMount[] | undefined => {
  try {
    checkRootAlone({ root }, path)
    const text = readRegular(belowRoot(root, path))
    return text === undefined ? [] : parseRecord(textOf(text))
  } catch (error) {
    throw seenBelow(root, explain(error, path))
  }
}

/** Throws E_PERMISSION where the record could not be given to its owner. */
export const checkMountRecord = ({ root }: Tree, path = mountRecordPath): void => {
  try {
    checkOwner(belowRoot(root, path), path, ownerOfNew({ root }, path))
  } catch (error) {
    throw seenBelow(root, explain(error, path))
  }
}

/** Replaces the record, unless it has these mounts already. */
export const writeMountRecord = (
  { root }: Tree,
  mounts: readonly RecordedMount[],
  path = mountRecordPath,
): void => {
  const file = belowRoot(root, path)
  try {
    checkRootAlone({ root }, path)
    const before = readRegular(file)
    const after = octets(recordText(mounts))
    if (before === after || (before === undefined && mounts.length === 0)) return
    const owner = ownerOfNew({ root }, path)
    checkOwner(file, path, owner)
    onDirectory(file, () => replaceFile(file, before, after, { owner }), { owner })
  } catch (error) {
    throw seenBelow(root, explain(error, path))
  }
}
