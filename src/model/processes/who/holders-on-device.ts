import type { Hold, Holder, Holders, Unexamined } from '../../mounts/umount-holder.ts'
import { present } from '../../words/present.ts'
import type { FoundArea, FoundPages } from './found-pages.ts'
import { deviceIn, type FileKey, inodeIn } from './page-hold.ts'

/** The ways to hold a file system, in the order in which those of one process are told. */
const ways: readonly Hold[] = ['working directory', 'root', 'open file', 'mapping']

/** What the kernel adds to a path whose name is removed. */
const deleted = ' (deleted)'

/** Makes one of duplicates, because the same file may be open or mapped many times. */
const distinct = (holders: readonly Holder[]): readonly Holder[] => {
  const all = new Map<string, Holder>()
  for (const one of holders) {
    const key = `${one.pid} ${one.holds} ${one.mountId} ${one.path}`
    const before = all.get(key)
    const [a, b] = [before?.own, one.own]
    const own =
      a && b ? { frames: [...a.frames, ...b.frames], unplaced: a.unplaced + b.unplaced } : (a ?? b)
    all.set(key, before === undefined ? one : present({ ...before, own }))
  }
  return [...all.values()]
}

const copiesIn = ({ isPrivate, own: { frames, alone, together } }: FoundArea) =>
  isPrivate ? { frames, unplaced: Number(alone + together) } : undefined

const byPid = (a: Holder, b: Holder): number =>
  a.pid - b.pid || ways.indexOf(a.holds) - ways.indexOf(b.holds)

/**
 * Those who hold a file system, by its device in the form of /proc/PID/maps, and the processes that
 * may. This process has the working directory of its caller. It ends soon, so it is named only where
 * there is no other holder.
 */
export const holdersOnDevice = (
  found: FoundPages,
  device: string,
  ownPid: number | undefined,
): Holders => {
  const fileOf = (key: FileKey, path: string, pages: bigint | undefined, size: bigint) =>
    pages === undefined
      ? undefined
      : { inode: inodeIn(key), bytes: pages * size, named: !path.endsWith(deleted) }
  const isThere = ({ key }: { readonly key: FileKey }) => deviceIn(key) === device
  const open = found.descriptors.filter(isThere).map((one): Holder => {
    const { key, size, path, way: holds, mountId } = one
    const { pid, command } = one.process
    // What is no file is a directory, which has no pages.
    const file = found.files.get(key)
    const held = fileOf(key, path, file === undefined ? 0n : file.pages, size)
    return present({ pid, command, holds, path, mountId, file: held })
  })
  const mapped = found.areas.filter(isThere).map((area): Holder => {
    const { key, size, path, mountId } = area
    const { pid, command } = area.process
    const file = fileOf(key, path, found.files.get(key)?.pages, size)
    return present({ pid, command, holds: 'mapping', path, mountId, file, own: copiesIn(area) })
  })
  const all = distinct([...open, ...mapped]).toSorted(byPid)
  const others = all.filter(({ pid }) => pid !== ownPid)
  const holding = new Set(all.map(({ pid }) => pid))
  const unexamined = [...found.unseen].flatMap(
    ([
      pid,
      {
        process: { command },
        errno,
      },
    ]): readonly Unexamined[] =>
      holding.has(pid) || errno === undefined ? [] : [{ pid, command, errno }],
  )
  return present({
    found: others.length > 0 ? others : all,
    unexamined,
    hidden: found.hidden,
  })
}
