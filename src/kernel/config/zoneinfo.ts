import { readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

const zone = /^Node \d+, zone +(\S+)\n([\s\S]*?)(?=^Node |$(?![\s\S]))/gm

/** The zones without memory for what cannot be moved (enum zone_type of include/linux/mmzone.h). */
const otherZones = ['Movable', 'Device']

/**
 * Counts the zones in the text of /proc/zoneinfo (mm/vmstat.c) that have memory, without
 * `otherZones`.
 */
export const memoryZonesIn = (text: string): bigint =>
  BigInt(
    [...text.matchAll(zone)].filter(
      ([, name = '', facts = '']) => !otherZones.includes(name) && / present +[1-9]/.test(facts),
    ).length,
  )

/** Counts the zones of this kernel; undefined where it does not show them. */
export const readMemoryZones = (tree: Tree): bigint | undefined => {
  const text = readIfReadable(tree, '/proc/zoneinfo')
  return text === undefined ? undefined : memoryZonesIn(text)
}
