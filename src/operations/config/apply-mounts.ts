import { readMountRecord, writeMountRecord } from '../../kernel/config/mount-record.ts'
import { readMountinfo } from '../../kernel/mounts/mountinfo.ts'
import { readPools } from '../../kernel/pools/pools.ts'
import type { ConfiguredMount } from '../../model/config/configuration.ts'
import { mountItem } from '../../model/config/mount-items.ts'
import { isStillMounted, recordOf } from '../../model/config/recorded-mount.ts'
import { carryOutMount, type Undo } from '../mounts/carry-out-mount.ts'
import { readMountBack } from '../mounts/look-at-mount.ts'
import type { Ports } from '../ports.ts'
import { type AppliedItems, attemptItem, together } from './apply-settings.ts'
import { knownMount } from './read-desired.ts'

/** Records that hugepool made a mount, and forgets recorded mounts that are gone. */
const record = ({ tree }: Ports, target: string, path: string | undefined): void => {
  const lines = readMountinfo(tree, target)
  const made = recordOf(target, lines)
  const before = readMountRecord(tree, path) ?? []
  const others = before.filter((one) => one.target !== target && isStillMounted(lines)(one))
  writeMountRecord(tree, [...others, ...(made === undefined ? [] : [made])], path)
}

/**
 * Mounts what is planned, as `mount` does, and reads it back. The mount is planned anew, because
 * the pools have changed since, and an earlier mount has taken pages of them. Where something is in
 * the way, nothing is done, and the item tells it.
 */
const applyMount = (
  ports: Ports,
  mount: ConfiguredMount,
  recordPath: string | undefined,
): readonly Undo[] => {
  const { tree } = ports
  const found = readPools(tree, false)
  const { judged } = mountItem(mount, knownMount(tree, mount, found), found.pools)
  if (judged?.plan.kind !== 'mount' || judged.objections.length > 0) return []
  const undo = carryOutMount(ports, judged.plan)
  try {
    const { target } = readMountBack(tree, judged.plan.desired)
    record(ports, target, recordPath)
    return [undo]
  } catch (error) {
    undo()
    throw error
  }
}

/** Makes the mounts of a configuration. `recordPath` is where they are noted. */
export const applyMounts = (
  ports: Ports,
  mounts: readonly ConfiguredMount[],
  recordPath?: string,
): AppliedItems =>
  together(
    mounts.map((mount) =>
      attemptItem({ attribute: 'mount', target: mount.request.target }, () =>
        applyMount(ports, mount, recordPath),
      ),
    ),
  )
