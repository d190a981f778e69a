import { foundOr, HugepoolError } from '../../errors.ts'
import { readMountRecord, writeMountRecord } from '../../kernel/config/mount-record.ts'
import { realTarget } from '../../kernel/mounts/mount-point.ts'
import { readMountinfoLines } from '../../kernel/mounts/mountinfo.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { Configuration } from '../../model/config/configuration.ts'
import {
  isStillMounted,
  type RecordedMount,
  type UnnamedMount,
} from '../../model/config/recorded-mount.ts'
import { present } from '../../model/words/present.ts'
import type { FindHolders } from '../mounts/mount-to-remove.ts'
import { umountUnderLock } from '../mounts/umount-directory.ts'
import type { Ports } from '../ports.ts'

/**
 * Finds the path of a mount as the kernel shows it. A path that cannot be resolved is returned as
 * it is, because nothing is mounted on it.
 */
const targetOf = (tree: Tree, target: string): string =>
  foundOr(
    () => realTarget(tree, target),
    () => target,
  )

/** Finds the mounts of hugepool's making that are there and that a configuration does not name. */
export const findUnnamed = (
  tree: Tree,
  { mounts }: Configuration,
  recordPath?: string,
): readonly RecordedMount[] => {
  const recorded = readMountRecord(tree, recordPath) ?? []
  if (recorded.length === 0) return []
  const named = new Set(mounts.map(({ request }) => targetOf(tree, request.target)))
  const { lines } = readMountinfoLines(tree)
  return recorded.filter((one) => isStillMounted(lines)(one) && !named.has(one.target))
}

const prune = async (
  ports: Ports,
  { target }: RecordedMount,
  findHolders: FindHolders,
): Promise<UnnamedMount> => {
  const request = { directory: target, lazy: false }
  const run = { dryRun: false, unpersist: false }
  try {
    await umountUnderLock(ports, request, run, findHolders)
    return { target, isPruned: true }
  } catch (error) {
    if (error instanceof HugepoolError) return { target, isPruned: false, error }
    throw error
  }
}

/** Removes mounts as `umount` does. One that is busy stays, and the result tells why. */
export const pruneMounts = async (
  ports: Ports,
  unnamed: readonly RecordedMount[],
  recordPath?: string,
): Promise<readonly UnnamedMount[]> => {
  if (unnamed.length === 0) return []
  const { holderFinder } = await import('../processes/umount-holders.ts')
  const findHolders = holderFinder(ports)
  const pruned: UnnamedMount[] = []
  for (const one of unnamed) pruned.push(await prune(ports, one, findHolders))
  const gone = new Set(pruned.flatMap(({ target, isPruned }) => (isPruned ? [target] : [])))
  if (gone.size > 0) {
    const recorded = readMountRecord(ports.tree, recordPath) ?? []
    writeMountRecord(
      ports.tree,
      recorded.filter(({ target }) => !gone.has(target)),
      recordPath,
    )
  }
  return pruned.map((one) => present(one))
}
