import type { PersistKind } from '../../src/model/mounts/persist/persist-facts.ts'
import { parseBytes } from '../../src/model/words/bytes.ts'
import { configuredMounts } from '../../src/operations/config/configured-mounts.ts'
import { checkPersist, persistMount } from '../../src/operations/mounts/persist-mount.ts'
import { checkUnpersist, unpersistMount } from '../../src/operations/mounts/unpersist-mount.ts'
import { huge, portsOn } from './persist.ts'

const keptOn = (root: string) => ({
  dryRun: false,
  wait: true,
  kept: configuredMounts(portsOn(root)),
})

/**
 * put ROOT KIND TARGET SIZE, or take ROOT TARGET. Or check ROOT TARGET [--dry-run], which a user of no
 * privilege may do.
 */
export const persist = async ([verb, root = '', ...words]: readonly string[]): Promise<void> => {
  if (verb === 'put') {
    const [kind, target = '', size = ''] = words
    const desired = { ...huge, target, size: parseBytes(size) ?? 0n }
    await persistMount(portsOn(root), desired, kind as PersistKind, keptOn(root))
  } else if (verb === 'check') {
    const [target = '', dryRun] = words
    checkPersist(portsOn(root), { ...huge, target }, 'fstab', dryRun !== undefined)
    checkUnpersist(portsOn(root), huge.target, dryRun !== undefined)
  } else await unpersistMount(portsOn(root), words[0] ?? '', keptOn(root))
}
