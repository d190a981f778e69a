import type { PersistKind } from '../../src/model/mounts/persist/persist-facts.ts'
import { parseBytes } from '../../src/model/words/bytes.ts'
import {
  checkPersist,
  checkUnpersist,
  persistMount,
  unpersistMount,
} from '../../src/operations/mounts/persist-mount.ts'
import { huge, portsOn } from './persist.ts'

/**
 * put ROOT KIND TARGET SIZE, or take ROOT TARGET: a process that can be killed. Or check ROOT TARGET
 * [--dry-run], by a user of no privilege.
 */
const [verb, root = '', ...words] = process.argv.slice(2)
const options = { dryRun: false, wait: true }

if (verb === 'put') {
  const [kind, target = '', size = ''] = words
  const wish = { ...huge, target, size: parseBytes(size) ?? 0n }
  await persistMount(portsOn(root), wish, kind as PersistKind, options)
} else if (verb === 'check') {
  const [target = '', dryRun] = words
  checkPersist(portsOn(root), { ...huge, target }, 'fstab', dryRun !== undefined)
  checkUnpersist(portsOn(root), huge.target, dryRun !== undefined)
} else await unpersistMount(portsOn(root), words[0] ?? '', options)
