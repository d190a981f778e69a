import { refused } from '../../../errors.ts'
import { isWithin } from '../../etc/path-parts.ts'
import type { MountLine } from '../../mounts/hugetlbfs-mount.ts'
import type { ServiceForm, ServiceKind } from './service-kind.ts'

/** A file that the service needs, and the mount that it lies on. */
export interface FileOnMount {
  readonly path: string
  readonly mount: string
  /** The type of the file system, as `ext4`. */
  readonly type: string
}

/** What the service runs, by real paths, and when its files are there. */
export interface ServiceProgram {
  /** The paths of Node and of the file that Node runs, or of hugepool where it is one file. */
  readonly words: readonly string[]
  readonly form: ServiceForm
  /** The files that are not there before file systems are mounted. */
  readonly late: readonly FileOnMount[]
}

/**
 * The mounts that are there before a service of each kind can start early; undefined for a kind
 * that knows no early form. For systemd an initrd mounts / and /usr (bootup(7)), and
 * local-fs.target the others. sysvinit and runit start the service after all file systems.
 */
const earlyMounts: Readonly<Record<ServiceKind, readonly string[] | undefined>> = {
  systemd: ['/', '/usr'],
  openrc: ['/'],
  sysvinit: undefined,
  runit: undefined,
}

/**
 * File systems that need the network (fstype_is_network in src/basic/mountpoint-util.c of systemd).
 */
const networkTypes =
  /^(?:fuse\.)?(?:afs|ceph|cifs|smb3|smbfs|sshfs|ncpfs|ncp|nfs|nfs4|gfs|gfs2|glusterfs|pvfs2|ocfs2|lustre|davfs|9p)$/

const memoryTypes: readonly string[] = ['tmpfs', 'ramfs', 'hugetlbfs', 'proc', 'sysfs']

/**
 * Finds the mount that a path lies on. The root of a process need not be a mount, as in a chroot.
 */
const fileOnMount = (path: string, mounts: readonly MountLine[]): FileOnMount => {
  const above = mounts.filter(({ target }) => isWithin(path, target))
  const deepest = Math.max(0, ...above.map(({ target }) => target.length))
  const found = above.findLast(({ target }) => target.length === deepest)
  return { path, mount: found?.target ?? '/', type: found?.type ?? '' }
}

const refuseAbsent = ({ path, mount, type }: FileOnMount): void => {
  const hint = 'install node and hugepool below /usr, or on a file system of this machine'
  if (networkTypes.test(type))
    throw refused('wrong-place', `${path} is on ${mount}, which needs the network (${type})`, hint)
  if (memoryTypes.includes(type))
    throw refused(
      'wrong-place',
      `${path} is on ${mount}, which is empty at a start (${type})`,
      hint,
    )
}

/**
 * Finds out how early a program can start. All words are absolute paths without links. Throws
 * E_REFUSED for a file on a file system that needs the network, or whose content does not last.
 */
export const programOfService = (
  words: readonly string[],
  mounts: readonly MountLine[],
  kind: ServiceKind,
): ServiceProgram => {
  const files = words.map((path) => fileOnMount(path, mounts))
  for (const file of files) if (file.mount !== '/') refuseAbsent(file)
  const mountedEarly = earlyMounts[kind]
  if (mountedEarly === undefined) return { words, form: 'later', late: [] }
  const late = files.filter(({ mount }) => !mountedEarly.includes(mount))
  return { words, form: late.length === 0 ? 'early' : 'later', late }
}

/** Says why the service starts later than it could. */
export const lateWords = ({ late }: Pick<ServiceProgram, 'late'>): readonly string[] =>
  late.map(
    ({ path, mount }) =>
      `${path} is on ${mount}, which is mounted after / and /usr: the service waits for it`,
  )

/** A path with such a character cannot be named in every kind of service. */
const unspeakable = /[\p{Cc}\p{Bidi_Control}$`"\\]/u

/** Throws E_REFUSED for a path that a unit or a script could take for something else. */
export const checkSpeakable = (words: readonly string[]): void => {
  const word = words.find((each) => unspeakable.test(each) || !each.startsWith('/'))
  if (word === undefined) return
  throw refused(
    'wrong-place',
    `${JSON.stringify(word)} cannot be named in a service`,
    'install node and hugepool in directories with plain names',
  )
}
