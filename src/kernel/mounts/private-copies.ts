import type { Holder, PrivateCopies } from '../../model/mounts/umount-holder.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { readAreaFrames } from '../page-frames.ts'
import { readBasePage } from '../pools/base-page.ts'
import { directoryTree } from '../tree.ts'

/**
 * What a process wrote to its private mapping of a file is in anonymous pages, which st_blocks of the
 * file does not count.
 */
export const readCopies = (
  directory: string,
  from: string,
  to: string,
  pageSize: PageSize,
): PrivateCopies | undefined => {
  const start = BigInt(`0x${from}`)
  const pages = Number((BigInt(`0x${to}`) - start) / pageSize)
  const basePage = readBasePage(directoryTree('/'), [pageSize])
  const [found] = readAreaFrames(
    `${directory}/pagemap`,
    [{ from: start, pages, pageSize }],
    basePage,
  )
  if (found === undefined) return undefined
  return { frames: found.own, unplaced: found.alone + found.together }
}

/** The copies of two mappings of the same file. */
const joinedCopies = (a: PrivateCopies | undefined, b: PrivateCopies | undefined) =>
  a && b ? { frames: [...a.frames, ...b.frames], unplaced: a.unplaced + b.unplaced } : (a ?? b)

/** What a process holds of a mount. */
export type HolderInProcess = Omit<Holder, 'pid' | 'command'>

/** Makes one of duplicates, because the same file may be open or mapped many times. */
export const distinct = (found: readonly HolderInProcess[]): readonly HolderInProcess[] => {
  const all = new Map<string, HolderInProcess>()
  for (const one of found) {
    const key = `${one.holds} ${one.mountId} ${one.path}`
    const before = all.get(key)
    all.set(
      key,
      before === undefined ? one : present({ ...before, own: joinedCopies(before.own, one.own) }),
    )
  }
  return [...all.values()]
}
