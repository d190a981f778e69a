import type { FoundArea } from '../../../model/processes/who/found-pages.ts'
import { haveSame } from './same-tables.ts'
import type { Scan } from './scan-state.ts'

const isOfSame = (scan: Scan, area: FoundArea, other: FoundArea): boolean => {
  if (other.key !== area.key || other.address !== area.address) return false
  const [one, two] = [area, other].map(({ process: { pid } }) => `${pid}`) as [string, string]
  return one !== two && haveSame(scan, 'memory', one, two) === true
}

/** Counts pages as shared: of two processes with one page table, both have all of them. */
const asTogether = (area: FoundArea): FoundArea => {
  const { own } = area
  return { ...area, own: { ...own, alone: 0n, together: own.alone + own.together } }
}

/**
 * Notes an area. Where the kernel does not show frames, processes that have one memory (CLONE_VM of
 * clone(2), and vfork(2)) would have each page alone, and it would count twice.
 */
export const addArea = (scan: Scan, area: FoundArea): void => {
  const { areas } = scan
  const at =
    area.own.alone + area.own.together > 0n
      ? areas.findIndex((other) => isOfSame(scan, area, other))
      : -1
  const other = areas[at]
  if (other === undefined) {
    areas.push(area)
    return
  }
  areas[at] = asTogether(other)
  areas.push(asTogether(area))
}
