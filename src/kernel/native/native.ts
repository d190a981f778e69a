import { unsupported } from '../../errors.ts'
import { errnoOf, explain, isShortage } from '../errno.ts'
import { isLive, type Tree } from '../tree.ts'
import type { MappingCalls, ThreadPolicy } from './native-mapping.ts'

/** The native addon, which has only the calls that Node lacks. Its callers check the arguments. */
export interface Native extends MappingCalls {
  /** flock(2). Throws EAGAIN where LOCK_NB would have to wait. */
  flock(descriptor: number, operation: number): void
  /**
   * F_SETLEASE of fcntl(2). Throws EAGAIN where anybody else has the file open or mapped, and EINVAL
   * where the file system knows no leases.
   */
  setLease(descriptor: number, kind: number): void
  /** F_GETLEASE of fcntl(2): the kind that remains once those who wait have been heeded. */
  getLease(descriptor: number): number
  /** renameat2(2) within a directory with RENAME_NOREPLACE: throws EEXIST where `to` exists. */
  rename(directory: number, from: string, to: string): void
  /** PR_SET_PDEATHSIG of prctl(2): the kernel kills this process when its parent thread ends. */
  endWithParent(): void
  /** getgrouplist(3): the groups that initgroups(3) would set for a user, with `group` among them. */
  groupsOf(name: string, group: number): readonly number[]
  /**
   * setgroups(2), setresgid(2) and setresuid(2): all threads of this process act as another user, until
   * the function that is returned is called. Throws EPERM, or EINVAL for an id that the user namespace
   * does not have.
   */
  actAs(user: number, group: number, groups: readonly number[]): () => void
  /** lseek(2), with `whence` as the kernel numbers it. Returns the offset. */
  seek(descriptor: number, offset: number, whence: number): number
  /** linkat(2) of a file that was opened with O_TMPFILE. Throws EEXIST where the path exists. */
  linkDescriptor(descriptor: number, path: string): void
  /** futimens(2), in nanoseconds: the calls of Node keep microseconds. */
  setTimes(descriptor: number, access: bigint, change: bigint): void
  /** set_mempolicy(2) of the calling thread. */
  setMempolicy(mode: number, nodes: readonly number[]): void
  /** get_mempolicy(2) of the calling thread. */
  getMempolicy(): ThreadPolicy
  /** fsopen(2) with FSOPEN_CLOEXEC: a descriptor from which the kernel's messages can be read. */
  fsopen(type: string): number
  /** fsconfig(2). `key` and `value` are left out for commands that have none. */
  fsconfig(context: number, command: number, key?: string, value?: string): void
  /** fsmount(2) with FSMOUNT_CLOEXEC: a descriptor of a mount that is not attached anywhere. */
  fsmount(context: number, attributes: number): number
  /** move_mount(2) of a mount from `fsmount`. It follows no symbolic link in the last component. */
  moveMount(mount: number, target: string): void
  mount(source: string, target: string, type: string, flags: number, data: string): void
  /** umount2(2). */
  umount(target: string, flags: number): void
  /**
   * Reads a file as it shows itself in an IPC namespace, by the path of the namespace; an empty one
   * is that of this process.
   */
  ipcFile(space: string, path: string): string
  /** Attaches a SysV segment for reading while `look` runs: shmat(2), in the namespace as above. */
  atSegment(space: string, id: number, look: (address: bigint) => void): void
  /**
   * IPC_RMID of shmctl(2), in the IPC namespace of this process: nobody finds the segment any more,
   * and it goes when nobody has it attached. Throws EPERM, or EINVAL where there is none.
   */
  removeSegment(id: number): void
  /**
   * Calls `visit` with a descriptor of each mount namespace but that of this process, also of those that
   * no process is in: NS_MNT_GET_NEXT and NS_MNT_GET_PREV of ioctl(2). It is closed afterwards. Throws
   * ENOTTY before 6.12.
   */
  eachMountNamespace(visit: (space: number) => void): void
  /**
   * What the mountinfo of a mount namespace shows, and a descriptor of its root: setns(2), by the path
   * of the namespace.
   */
  lookIntoMounts(space: string): { readonly table: Buffer; readonly root: number }
  /** kcmp(2): 0 where two tasks have the same table. Throws ENOSYS where the kernel has no such call. */
  kcmp(one: number, other: number, type: number): number
  /** statx(2) with AT_STATX_DONT_SYNC: it waits for no server that does not answer. */
  statAsKnown(path: string): StatAsKnown
}

/** As `fs.statSync` with `bigint` names it. */
export interface StatAsKnown {
  readonly dev: bigint
  readonly ino: bigint
  readonly mode: bigint
  readonly uid: bigint
  readonly size: bigint
  readonly blocks: bigint
  readonly blksize: bigint
}

/** What npm runs at the installation is run once more; it takes a compiler of C++ and make(1). */
const packageHint =
  "'npm rebuild -g --foreground-scripts hugepool' builds it, with python3, make and g++; in a clone of the sources 'npm run build' does"

/** dlopen(3) gives no errno, only the words of strerror(3). */
const wordsOfDlopen: Readonly<Record<string, string>> = {
  'Too many open files': 'EMFILE',
  'Too many open files in system': 'ENFILE',
  'Cannot allocate memory': 'ENOMEM',
  'Resource temporarily unavailable': 'EAGAIN',
}

/** Long words come first: others begin like them. */
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
    native ??= loaded(load)
    return native
  }
}
