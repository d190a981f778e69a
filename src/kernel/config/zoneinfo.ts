import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

const zone = /^Node \d+, zone +(\S+)\n([\s\S]*?)(?=^Node |$(?![\s\S]))/gm

/** Zones of which programs get no memory that cannot be moved: enum zone_type of include/linux/mmzone.h. */
const otherZones = ['Movable', 'Device']

/** Counts the zones that have memory for anybody, of the text of /proc/zoneinfo (mm/vmstat.c). */
export const memoryZonesIn = (text: string): bigint =>
  BigInt(
    [...text.matchAll(zone)].filter(
      ([, name = '', facts = '']) =>
        !otherZones.includes(name) && /^ +present +[1-9]\d*$/m.test(facts),
    ).length,
  )

/** Undefined where the kernel does not show its zones. */
export const readMemoryZones = (tree: Tree): bigint | undefined => {
  const text = readIfReadable(tree, '/proc/zoneinfo')
  return text === undefined ? undefined : memoryZonesIn(text)
}
