import { present } from '../../words/present.ts'
import { nodesOfAreas, wholeOn } from './area-nodes.ts'
import type { FoundArea, FoundDescriptor, FoundPages, FoundSegment } from './found-pages.ts'
import { isAnonymousPath, isSegmentPath } from './internal-path.ts'
import type { KnownReservations } from './known-reservations.ts'
import { ownCount } from './own-pages.ts'
import type { PageHold } from './page-hold.ts'

/** What the rows of one scan are made of. */
export interface Material {
  readonly found: FoundPages
  readonly reserved: KnownReservations
  readonly isShared: (area: FoundArea) => boolean
}

/** The key of a segment as ipcs(1) shows it. */
export const segmentKey = (ipcKey: number): string =>
  `0x${(ipcKey >>> 0).toString(16).padStart(8, '0')}`

/** The name of a segment has its key. */
export const segmentName = ({ id, ipcKey }: Pick<FoundSegment, 'id' | 'ipcKey'>): string =>
  `SysV ${id}${ipcKey === 0 ? '' : ` (key ${segmentKey(ipcKey)})`}`

const areaName = ({ found }: Material, { key, path, isNamesake }: FoundArea): string => {
  if (isNamesake) return path
  if (isAnonymousPath(path)) return 'anonymous'
  if (!isSegmentPath(path)) return path
  const segment = found.segments.find((one) => one.key === key)
  const ipcKey = Number.parseInt(path.slice(5, 13), 16)
  return segmentName(segment ?? { id: Number(key.split(':')[2]?.split('@')[0]), ipcKey })
}

/** The pages of all areas of one process on one file. */
const areasHold = (material: Material, areas: readonly FoundArea[]): readonly PageHold[] => {
  const { found, reserved, isShared } = material
  const [area] = areas
  if (area === undefined) return []
  const { key, size, process, isPrivate } = area
  const file = found.files.get(key)
  const own = areas.reduce((sum, one) => sum + ownCount(one.own), 0n)
  const faulted = areas.reduce((sum, one) => sum + one.present, 0n)
  const pages = own + (file?.pages ?? (isPrivate ? 0n : faulted))
  const ofAreas = areas.reduce((sum, one) => sum + (reserved.areas.get(one) ?? 0n), 0n)
  const promised = ofAreas + (isPrivate ? 0n : (reserved.files.get(key) ?? 0n))
  if (pages === 0n && promised === 0n) return []
  const nodes = wholeOn(found.onlyNode, pages) ?? nodesOfAreas(areas)
  return [
    {
      kind: pages === 0n ? 'reservation' : 'mapping',
      size,
      process,
      pages,
      reserved: promised,
      nodes,
      shared: !isPrivate || areas.some(isShared),
      name: areaName(material, area),
      files: new Map([[key, pages - own]]),
      areas,
    },
  ]
}

export const grouped = <T>(
  all: readonly T[],
  keyOf: (one: T) => string,
): readonly (readonly T[])[] => {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group === undefined) groups.set(keyOf(one), [one])
    else group.push(one)
  }
  return [...groups.values()]
}

const ofFileIn = ({ process, key }: FoundArea | FoundDescriptor): string => `${process.pid} ${key}`

const descriptorHold = (
  { found, reserved }: Material,
  { key, size, process, path, way }: FoundDescriptor,
): PageHold => {
  const file = found.files.get(key)
  // What is no file is a directory, which has no pages and yet keeps its mount busy.
  const pages = file === undefined ? 0n : file.pages
  return present({
    kind: 'descriptor' as const,
    size,
    process,
    pages,
    reserved: reserved.files.get(key),
    nodes: pages === undefined ? undefined : wholeOn(found.onlyNode, pages),
    shared: true,
    name: way === 'open file' ? path : `${path} (${way})`,
    files: new Map([[key, pages ?? 0n]]),
  })
}

/** What processes have in their memory, and what they have open and not mapped. */
export const processHolds = (material: Material): readonly PageHold[] => {
  const { areas, descriptors } = material.found
  const mapped = new Set(areas.map(ofFileIn))
  const open = grouped(
    descriptors.filter((one) => !mapped.has(ofFileIn(one))),
    ofFileIn,
  )
  return [
    ...grouped(areas, ofFileIn).flatMap((group) => areasHold(material, group)),
    ...open.flatMap(([one]) => (one === undefined ? [] : descriptorHold(material, one))),
  ]
}
