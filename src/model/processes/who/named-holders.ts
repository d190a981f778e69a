import { fewer, type Pages } from '../../words/count.ts'
import { formatSize, type PageSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { FoundPages, FoundSegment } from './found-pages.ts'
import type { LeftFiles } from './left-files.ts'
import type { HolderProcess, PageHold } from './page-hold.ts'
import { grouped } from './process-holds.ts'
import { sumHolds } from './sum-holds.ts'

/** A holder as a clause, with the pages by which holders are compared. */
export interface NamedHolder {
  readonly words: string
  readonly pages: Pages
  readonly reserved: Pages
}

const processNamed = ({ pid, command }: HolderProcess): string => `process ${pid} (${command})`

/** The way in which a process has pages. */
const wayOf = (holds: readonly PageHold[], pages: Pages): string => {
  const open = holds.filter(({ kind }) => kind === 'descriptor')
  const [first] = open
  if (first === undefined) return `${plural(pages, 'page')} mapped`
  if (open.length < holds.length) return `${plural(pages, 'page')} mapped or in open files`
  const what = open.length === 1 ? `${first.name}` : plural(open.length, 'file')
  return `${what} open, with ${plural(pages, 'page')}`
}

const holdsWords = (holds: readonly PageHold[], pages: Pages, reserved: Pages): string => {
  const lacked = `can have up to ${reserved} ${pages > 0n ? 'more ' : ''}reserved`
  if (pages === 0n && holds.every(({ kind }) => kind === 'reservation'))
    return `has a mapping without a page so far, and ${lacked}`
  return `has ${wayOf(holds, pages)}${reserved > 0n ? `, and ${lacked}` : ''}`
}

const kindsOfProcesses: readonly PageHold['kind'][] = ['mapping', 'reservation', 'descriptor']

/** The processes among holds of one size; none can have more reserved than the pool has. */
export const processHolders = (
  holds: readonly PageHold[],
  reservedInPool: Pages,
): readonly NamedHolder[] => {
  const own = holds.filter(
    ({ kind, process, pages = 0n, reserved = 0n }) =>
      process !== undefined && kindsOfProcesses.includes(kind) && pages + reserved > 0n,
  )
  return grouped(own, ({ process }) => `${process?.pid}`).flatMap((group) => {
    const [sum] = sumHolds(group, 'process')
    if (sum?.process === undefined) return []
    const { process, pages = 0n } = sum
    const reserved = fewer(sum.reserved ?? 0n, reservedInPool)
    if (pages + reserved === 0n) return []
    return [
      { words: `${processNamed(process)} ${holdsWords(group, pages, reserved)}`, pages, reserved },
    ]
  })
}

/** The processes that could not be looked into, where it is not known of which size their pages are. */
export const unseenHolders = ({ unseen }: FoundPages, size: PageSize): readonly NamedHolder[] =>
  [...unseen.values()]
    .filter(({ bytes }) => bytes > 0n)
    .map(({ process, bytes }) => ({
      words: `${processNamed(process)} has huge pages mapped, perhaps of ${formatSize(size)}`,
      pages: bytes / size,
      reserved: 0n,
    }))

/** Files that nobody has. */
export const fileHolder = (
  { root, files, pages, lacked }: LeftFiles,
  unknownReserved: Pages,
): NamedHolder => {
  const reserved = fewer(lacked, unknownReserved)
  const kept = [
    ...(pages > 0n ? [plural(pages, 'page')] : []),
    ...(reserved > 0n ? [`up to ${plural(reserved, 'reservation')}`] : []),
  ].join(' and ')
  const [keep, them] = files === 1 ? ['keeps', 'it'] : ['keep', 'them']
  return {
    words: `${plural(files, 'file')} on ${root} ${keep} ${kept}, and nobody is seen to have ${them}`,
    pages,
    reserved,
  }
}

const attachedWords = (attached: number): string =>
  `${attached === 0 ? 'nobody' : plural(attached, 'process', 'processes')} attached`

const segmentHolder =
  ({ userOf }: FoundPages, isCertain: boolean) =>
  ({ id, uid, pages, length, attached }: FoundSegment): NamedHolder => {
    const whose = `SysV segment ${id} of user ${userOf(uid) ?? uid}`
    const reserved = isCertain ? length - pages : 0n
    const lacked = reserved > 0n ? `, and ${reserved} reserved` : ''
    const doubt = isCertain ? '' : ', if its pages are huge'
    return {
      words: `${whose} has ${plural(pages, 'page')}${lacked}${doubt}, ${attachedWords(attached)}`,
      pages,
      reserved,
    }
  }

/** The segments that no process was seen to have attached, which would be named with that process. */
export const segmentHolders = (
  found: FoundPages,
  size: PageSize,
  withDoubtful: boolean,
): readonly NamedHolder[] => {
  const mapped = new Set(found.areas.map(({ key }) => key))
  const certain = found.segments.filter((one) => one.size === size && !mapped.has(one.key))
  const doubtful = (withDoubtful ? (found.doubtful ?? []) : []).filter((one) => one.size === size)
  return [...certain.map(segmentHolder(found, true)), ...doubtful.map(segmentHolder(found, false))]
}

/** What the minimum sizes of mounts have reserved. */
export const mountHolders = (holds: readonly PageHold[]): readonly NamedHolder[] =>
  holds
    .filter(({ kind }) => kind === 'mount')
    .map(({ name = '', reserved = 0n }) => ({
      words: `the minimum size of ${name} has ${plural(reserved, 'page')} reserved`,
      pages: 0n,
      reserved,
    }))
