import { unsupported } from '../../errors.ts'
import { errnoOf, explain, isShortage } from '../errno.ts'
import { isLive, type Tree } from '../tree.ts'
import { withHeldTargets } from './held-targets.ts'
import type { MappingCalls, ThreadPolicy } from './native-mapping.ts'

/** The native addon, which has only the calls that Node lacks. Its callers check the arguments. */
export interface Native extends MappingCalls {
  /** Calls flock(2). Throws EAGAIN where it would have to wait and LOCK_NB is set. */
  flock(descriptor: number, operation: number): void
  /**
   * Calls fcntl(2) with F_SETLEASE. Throws EAGAIN where anybody else has the file open or mapped,
   * and EINVAL where the file system knows no leases. Its error names F_SETSIG where that fails before.
   */
  setLease(descriptor: number, kind: number): void
  /**
   * Calls fcntl(2) with F_GETLEASE. Returns the kind of the lease, or the kind to which it has to
   * change for those who wait.
   */
  getLease(descriptor: number): number
  /**
   * Calls renameat2(2) within a directory with RENAME_NOREPLACE. Throws EEXIST where `to` exists.
   */
  rename(directory: number, from: string, to: string): void
  /**
   * Makes the kernel kill this process when its parent thread ends (PR_SET_PDEATHSIG of prctl(2)).
   */
  endWithParent(): void
  /** Calls getgrouplist(3). Returns the groups that initgroups(3) would set, and `group`. */
  groupsOf(name: string, group: number): readonly number[]
  /**
   * Makes all threads of this process act as another user until the returned function is called
   * (setgroups(2), setresgid(2), setresuid(2)). Throws EPERM, or EINVAL for an id that the user
   * namespace does not have.
   */
  actAs(user: number, group: number, groups: readonly number[]): () => void
  /** Calls lseek(2) with a `whence` of the kernel's numbers. Returns the offset. */
  seek(descriptor: number, offset: number, whence: number): number
  /**
   * Names a file that was opened with O_TMPFILE by linkat(2). Throws EEXIST where the path exists.
   */
  linkDescriptor(descriptor: number, path: string): void
  /** Calls futimens(2), in nanoseconds, because the calls of Node keep only microseconds. */
  setTimes(descriptor: number, access: bigint, change: bigint): void
  /** Sets the policy of the calling thread by set_mempolicy(2). */
  setMempolicy(mode: number, nodes: readonly number[]): void
  /** Returns the policy of the calling thread by get_mempolicy(2). */
  getMempolicy(): ThreadPolicy
  /**
   * Returns a descriptor of fsopen(2), close-on-exec, from which the kernel's messages are read.
   */
  fsopen(type: string): number
  /** Calls fsconfig(2). `key` and `value` are left out for commands that have none. */
  fsconfig(context: number, command: number, key?: string, value?: string): void
  /**
   * Returns a descriptor of fsmount(2), close-on-exec, of a mount that is not attached anywhere.
   */
  fsmount(context: number, attributes: number): number
  /** Attaches a mount of `fsmount` by move_mount(2). No link in the last component is followed. */
  moveMount(mount: number, target: string): void
  mount(source: string, target: string, type: string, flags: number, data: string): void
  /** Calls umount2(2). */
  umount(target: string, flags: number): void
  /**
   * Reads a file as a process in an IPC namespace sees it. `space` is the path of the namespace;
   * where it is empty, it is that of this process.
   */
  ipcFile(space: string, path: string): string
  /**
   * Attaches a SysV segment for reading by shmat(2) while `look` runs; `space` is as in `ipcFile`.
   */
  atSegment(space: string, id: number, look: (address: bigint) => void): void
  /**
   * Removes a segment of the IPC namespace of this process by shmctl(2) with IPC_RMID. Nobody finds
   * it any more, and it goes when nobody has it attached. Throws EPERM, or EINVAL where there is
   * none.
   */
  removeSegment(id: number): void
  /**
   * Calls `visit` with a descriptor of each mount namespace except that of this process, even where
   * no process is in it (NS_MNT_GET_NEXT and NS_MNT_GET_PREV of ioctl(2)). Closes the descriptor
   * afterwards. Throws ENOTTY before 6.12.
   */
  eachMountNamespace(visit: (space: number) => void): void
  /**
   * Returns the mountinfo of a mount namespace, and a descriptor of its root, by setns(2). `space`
   * is the path of the namespace.
   */
  lookIntoMounts(space: string): { readonly table: Buffer; readonly root: number }
  /**
   * Calls kcmp(2), which returns 0 where two tasks have the same table. Throws ENOSYS without it.
   */
  kcmp(one: number, other: number, type: number): number
  /**
   * Calls statx(2) with AT_STATX_DONT_SYNC, so that it waits for no server that does not answer.
   */
  statAsKnown(path: string): StatAsKnown
}

/** What statx(2) tells of a file, by the names that `fs.statSync` has for it. */
export interface StatAsKnown {
  readonly dev: bigint
  readonly ino: bigint
  readonly mode: bigint
  readonly uid: bigint
  readonly size: bigint
  readonly blocks: bigint
  readonly blksize: bigint
}

/** The hint repeats what npm runs at the installation. */
const packageHint =
  "'npm rebuild -g --foreground-scripts hugepool' builds it, with python3, make and g++; in a clone of the sources 'npm run build' does"

/** The errnos for words of strerror(3), because dlopen(3) gives only such words. */
const wordsOfDlopen: Readonly<Record<string, string>> = {
  'Too many open files': 'EMFILE',
  'Too many open files in system': 'ENFILE',
  'Cannot allocate memory': 'ENOMEM',
  'Resource temporarily unavailable': 'EAGAIN',
}

/**
 * Finds known words in an error. Long ones are tried first, because they begin like shorter ones.
 */
const wordsIn = (error: unknown): string | undefined =>
  Object.keys(wordsOfDlopen)
    .sort((a, b) => b.length - a.length)
    .find((words) => `${error}`.includes(words))

/** A launcher that has the addon inside itself knows better what it lacks. */
const addonHint = (error: unknown): string =>
  error instanceof Error && 'hint' in error ? String(error.hint) : packageHint

const loaded = (load: () => Native): Native => {
  try {
    return load()
  } catch (error) {
    const short = isShortage(error) ? errnoOf(error) : wordsOfDlopen[wordsIn(error) ?? '']
    if (short !== undefined)
      throw explain(Object.assign(new Error(short), { code: short }), 'the native addon')
    throw unsupported('no-addon', 'the native addon cannot be loaded', addonHint(error))
  }
}

/**
 * Returns a function that loads the addon when it is first needed. It throws for any root but that
 * of the running kernel, so that no test and no recording can lock, mount or map by accident.
 */
export const nativeFor = (tree: Tree, load: () => Native): (() => Native) => {
  let native: Native | undefined
  return () => {
    if (!isLive(tree))
      throw unsupported('recording', `${tree.root} is not the running kernel: no native calls`)
    native ??= withHeldTargets(loaded(load))
    return native
  }
}
