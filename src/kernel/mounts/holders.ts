import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { withoutNewlineEscapes } from '../../model/etc/octal-escapes.ts'
import { asOctets, textOf } from '../../model/etc/octets.ts'
import { isWithin } from '../../model/etc/path-parts.ts'
import {
  type HeldFile,
  type Hold,
  type Holders,
  noHolders,
} from '../../model/mounts/umount-holder.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { errnoOf } from '../errno.ts'
import { processIds, readProcessName } from '../process-list.ts'
import { readOctets } from '../read-octets.ts'
import { heldBytes } from '../stat-blocks.ts'
import type { Device } from './mount-device.ts'
import { distinct, type HolderInProcess, readCopies } from './private-copies.ts'

/**
 * O_PATH of include/uapi/asm-generic/fcntl.h, which Node does not name. It opens a file without an
 * effect on it. The number differs on alpha, parisc and sparc, for which there is no Node.
 */
const pathOnly = 0o10000000

/** A file system to look for: its device, and the directories on which it is mounted. */
export interface SoughtFileSystem {
  readonly device: Device
  readonly targets: readonly string[]
  readonly pageSize: PageSize
}

/** The file that a link in /proc leads to. */
interface LinkedFile {
  readonly device: bigint
  readonly mountId?: number
  readonly file: HeldFile
}

const mountIdOf = (descriptor: number): number | undefined => {
  const id = /^mnt_id:\s*(\d+)$/m.exec(readOctets(`/proc/self/fdinfo/${descriptor}`))?.[1]
  return id === undefined ? undefined : Number(id)
}

const followed = (link: string): LinkedFile => {
  const descriptor = openSync(link, pathOnly)
  try {
    const { dev, ino, blocks, nlink } = fstatSync(descriptor, { bigint: true })
    const file = { inode: ino, bytes: heldBytes({ blocks }), named: nlink > 0n }
    return present({ device: dev, mountId: mountIdOf(descriptor), file })
  } finally {
    closeSync(descriptor)
  }
}

/** The answers for a process, or a descriptor of it, that is gone. */
const goneErrnos: readonly string[] = ['ENOENT', 'ESRCH']

/**
 * Returns a function that looks at a process, and another that tells the first answer that kept
 * something from being seen: no permission, or no descriptor left to look with.
 */
const permissionLog = () => {
  let denied: string | undefined
  return {
    look: <T>(otherwise: T, look: () => T): T => {
      try {
        return look()
      } catch (error) {
        const errno = errnoOf(error)
        if (errno === undefined) throw error
        if (!goneErrnos.includes(errno)) denied ??= errno
        return otherwise
      }
    },
    denied: () => denied,
  }
}

type Look = ReturnType<typeof permissionLog>['look']

/** Links to other places are not followed: a file on a server that does not answer would block. */
const isBelowTarget = (path: string, { targets }: SoughtFileSystem): boolean =>
  targets.some((target) => isWithin(path, target) || path.startsWith(`${target} (`))

const linkHold = (
  look: Look,
  link: string,
  holds: Hold,
  sought: SoughtFileSystem,
): readonly HolderInProcess[] => {
  const path = look('', () => readlinkSync(link))
  if (!isBelowTarget(path, sought)) return []
  const linked = look(undefined, () => followed(link))
  if (linked?.device !== sought.device.number) return []
  const { mountId, file } = linked
  return [present({ holds, path, mountId, file })]
}

/**
 * A line of /proc/PID/maps (fs/proc/task_mmu.c): `7f0000000000-7f0000200000 rw-s 00000000 00:27
 * 1234    /mnt/huge/file`
 */
const mapLine = /^([0-9a-f]+)-([0-9a-f]+) \S{3}([ps]) \S+ ([0-9a-f]+:[0-9a-f]+) \d+ *(.*)$/gm

const shortHex = (digits: string): string => digits.replace(/^0+(?=.)/, '')

/** The links in map_files need CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE; the file maps does not. */
const mappings = (
  look: Look,
  directory: string,
  { device, pageSize }: SoughtFileSystem,
): readonly HolderInProcess[] => {
  const text = look(asOctets(''), () => readOctets(`${directory}/maps`))
  if (!text.includes(` ${device.hex} `)) return []
  return [...text.matchAll(mapLine)]
    .filter(([, , , , on]) => on === device.hex)
    .map(([, from = '', to = '', sharing, , path = '']) => {
      const link = `${directory}/map_files/${shortHex(from)}-${shortHex(to)}`
      const linked = look(undefined, () => followed(link))
      const { mountId, file } = linked ?? {}
      const copies =
        sharing === 'p'
          ? look(undefined, () => readCopies(directory, from, to, pageSize))
          : undefined
      return present({
        holds: 'mapping' as const,
        path: textOf(withoutNewlineEscapes(asOctets(path))),
        mountId,
        file,
        own: copies,
      })
    })
}

const inProcess = (
  look: Look,
  directory: string,
  sought: SoughtFileSystem,
): readonly HolderInProcess[] => {
  const descriptors = look([], () => readdirSync(`${directory}/fd`))
  return distinct([
    ...linkHold(look, `${directory}/cwd`, 'working directory', sought),
    ...linkHold(look, `${directory}/root`, 'root', sought),
    ...descriptors.flatMap((name) =>
      linkHold(look, `${directory}/fd/${name}`, 'open file', sought),
    ),
    ...mappings(look, directory, sought),
  ])
}

/** Kernel threads and processes that have ended have no command line, and hold nothing. */
const isEmpty = (directory: string): boolean => {
  try {
    return readFileSync(`${directory}/cmdline`).length === 0
  } catch {
    return true
  }
}

const holdersIn = (proc: string, id: string, sought: SoughtFileSystem): Holders => {
  const directory = `${proc}/${id}`
  const { look, denied } = permissionLog()
  const found = inProcess(look, directory, sought)
  const errno = found.length === 0 && !isEmpty(directory) ? denied() : undefined
  if (found.length === 0 && errno === undefined) return noHolders
  const known = { pid: Number(id), command: readProcessName(proc, id) }
  return {
    found: found.map((one) => ({ ...known, ...one })),
    unexamined: errno === undefined ? [] : [{ ...known, errno }],
  }
}

/**
 * The processes that hold a file system, as far as permission allows. Files in transit through a
 * socket, and files that the kernel itself holds, cannot be seen from outside. This process has the
 * working directory of its caller. It ends soon, so it is named only where there is no other
 * holder.
 */
export const findHolders = (proc: string, sought: SoughtFileSystem): Holders => {
  const ownPid = Number(readlinkSync(`${proc}/self`))
  const all = processIds(proc).map((id) => holdersIn(proc, id, sought))
  const found = all.flatMap((each) => each.found)
  const others = found.filter(({ pid }) => pid !== ownPid)
  return {
    found: others.length > 0 ? others : found,
    unexamined: all.flatMap((each) => each.unexamined),
  }
}
