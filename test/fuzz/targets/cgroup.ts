import { deepStrictEqual as same } from 'node:assert/strict'
import {
  directoryOfGroup,
  groupMounts,
  groupMountsAt,
  isUnlimited,
  limitsOfGroups,
} from '../../../src/kernel/processes/hugetlb-cgroup.ts'
import type { Tree } from '../../../src/kernel/tree.ts'
import { asOctets, type Octets } from '../../../src/model/etc/octets.ts'
import { idOutside, idRangesIn } from '../../../src/model/processes/id-map.ts'
import { octetsOf, partsOf, unlessRefused } from '../expected.ts'

const asked = new Set<string>()

/** A machine of which every file has one of the texts: the group, the mounts, and limits. */
const treeOf = ([group, mounts, limit]: readonly Octets[]): Tree => ({
  root: '/',
  read: (path) => {
    asked.add(path)
    const text = path.endsWith('/mountinfo') ? mounts : path.endsWith('/cgroup') ? group : limit
    return text ?? asOctets('')
  },
  write: () => undefined,
  list: () => [],
  checkWritable: () => undefined,
})

const read = (text: Octets): void => {
  const parts = partsOf(text)
  const tree = treeOf(parts)
  asked.clear()
  const mounts = groupMounts(tree)
  for (const mount of [mounts.first, mounts.second])
    if (mount !== undefined) same(directoryOfGroup(mount).startsWith('/'), true)
  unlessRefused(() => limitsOfGroups(tree, 2n ** 21n, mounts))
  unlessRefused(() => groupMountsAt(tree, parts[3] ?? '/a'))
  same(
    [...asked].filter((path) => !path.startsWith('/')),
    [],
  )
  isUnlimited(text)
  idOutside(idRangesIn(text), 1000n)
}

/**
 * The cgroup of a process, where its hierarchies are mounted, and its limits. Nothing is repeated: the
 * kernel prints no group whose path has more than 4096 bytes (kernel/cgroup/cgroup.c).
 */
export const fuzz = (data: Buffer): void => read(octetsOf(data))
