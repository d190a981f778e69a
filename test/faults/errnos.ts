/** Errnos that any call is tried with, whatever its manual page says. */
const always = ['EIO', 'EINTR'] as const

const opening = [
  ...['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EROFS', 'EMFILE', 'ENFILE'],
  ...['ENOMEM', 'ENXIO', 'ENODEV', 'EAGAIN', 'EBUSY', 'EEXIST', 'EISDIR', 'ENOSPC', 'EDQUOT'],
  ...['EINVAL', 'EOVERFLOW', 'ETXTBSY', 'EOPNOTSUPP'],
] as const
const walking = ['EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOMEM'] as const
const naming = [...walking, 'EPERM', 'EROFS', 'EBUSY', 'EEXIST', 'ENOSPC', 'EDQUOT'] as const
const reading = ['EAGAIN', 'EBADF', 'EFAULT', 'EINVAL', 'EISDIR'] as const
const writing = [
  'EAGAIN',
  'EBADF',
  'EDQUOT',
  'EFAULT',
  'EFBIG',
  'EINVAL',
  'ENOSPC',
  'EPERM',
] as const
const owning = ['EBADF', 'EPERM', 'EROFS'] as const
const mounting = [
  ...['EACCES', 'EBUSY', 'EFAULT', 'EINVAL', 'ELOOP', 'EMFILE', 'ENAMETOOLONG', 'ENODEV', 'ENOENT'],
  ...['ENOMEM', 'ENOSPC', 'ENOTBLK', 'ENOTDIR', 'EPERM', 'EROFS', 'EOPNOTSUPP'],
] as const
const sharing = ['EACCES', 'EINVAL', 'EIDRM', 'ENOMEM', 'EPERM', 'EOVERFLOW'] as const
const placing = ['EFAULT', 'EINVAL', 'ENOMEM', 'EPERM', 'ENOSYS'] as const

/** The errnos of each call by its manual page (man-pages 6.03, sections 2). */
const named: Readonly<Record<string, readonly string[]>> = {
  open: opening,
  openat: opening,
  openat2: opening,
  read: reading,
  pread64: [...reading, 'ENXIO', 'EOVERFLOW', 'ESPIPE'],
  readv: reading,
  write: writing,
  pwrite64: [...writing, 'ENXIO', 'EOVERFLOW', 'ESPIPE'],
  writev: writing,
  close: ['EBADF', 'ENOSPC', 'EDQUOT'],
  fsync: ['EBADF', 'EROFS', 'EINVAL', 'ENOSPC', 'EDQUOT'],
  fdatasync: ['EBADF', 'EROFS', 'EINVAL', 'ENOSPC', 'EDQUOT'],
  ftruncate: ['EBADF', 'EINVAL', 'EFBIG', 'EPERM', 'EROFS', 'ETXTBSY'],
  fallocate: ['EBADF', 'EFBIG', 'EINVAL', 'ENODEV', 'ENOSPC', 'ENOSYS', 'EOPNOTSUPP', 'EPERM'],
  rename: [...naming, 'EINVAL', 'EISDIR', 'EMLINK', 'ENOTEMPTY', 'EXDEV'],
  renameat2: [...naming, 'EINVAL', 'EISDIR', 'EMLINK', 'ENOTEMPTY', 'EXDEV'],
  link: [...naming, 'EMLINK', 'EXDEV'],
  linkat: [...naming, 'EMLINK', 'EXDEV', 'EINVAL', 'EBADF'],
  symlink: naming,
  unlink: [...naming, 'EISDIR'],
  unlinkat: [...naming, 'EISDIR', 'EINVAL', 'ENOTEMPTY', 'EBADF'],
  mkdir: [...naming, 'EINVAL', 'EMLINK'],
  mkdirat: [...naming, 'EINVAL', 'EMLINK', 'EBADF'],
  rmdir: [...naming, 'EINVAL', 'ENOTEMPTY'],
  chmod: [...walking, 'EPERM', 'EROFS'],
  fchmod: owning,
  chown: [...walking, 'EPERM', 'EROFS'],
  fchown: owning,
  utimensat: [...walking, 'EPERM', 'EROFS', 'EINVAL'],
  statx: [...walking, 'EBADF', 'EFAULT', 'EINVAL'],
  newfstatat: [...walking, 'EBADF', 'EFAULT', 'EINVAL', 'EOVERFLOW'],
  fstat: ['EBADF', 'EFAULT', 'EOVERFLOW', 'ENOMEM'],
  stat: [...walking, 'EFAULT', 'EOVERFLOW'],
  lstat: [...walking, 'EFAULT', 'EOVERFLOW'],
  statfs: [...walking, 'EFAULT', 'ENOSYS', 'EOVERFLOW'],
  fstatfs: ['EBADF', 'EFAULT', 'ENOMEM', 'ENOSYS', 'EOVERFLOW'],
  access: [...walking, 'EINVAL', 'EROFS', 'ETXTBSY', 'EFAULT'],
  faccessat2: [...walking, 'EINVAL', 'EROFS', 'ETXTBSY', 'EFAULT'],
  readlink: [...walking, 'EINVAL', 'EFAULT'],
  readlinkat: [...walking, 'EINVAL', 'EFAULT'],
  getdents64: ['EBADF', 'EFAULT', 'EINVAL', 'ENOENT', 'ENOTDIR'],
  flock: ['EBADF', 'EINVAL', 'ENOLCK'],
  fcntl: ['EACCES', 'EAGAIN', 'EBADF', 'EBUSY', 'EDEADLK', 'EINVAL', 'EMFILE', 'ENOLCK', 'EPERM'],
  ioctl: ['EBADF', 'EFAULT', 'EINVAL', 'ENOTTY'],
  mount: mounting,
  umount2: ['EAGAIN', 'EBUSY', 'EFAULT', 'EINVAL', 'ENAMETOOLONG', 'ENOENT', 'ENOMEM', 'EPERM'],
  fsopen: mounting,
  fsconfig: mounting,
  fsmount: mounting,
  fspick: mounting,
  open_tree: mounting,
  move_mount: mounting,
  mount_setattr: mounting,
  memfd_create: ['EFAULT', 'EINVAL', 'EMFILE', 'ENFILE', 'ENOMEM', 'EPERM'],
  shmget: [...sharing, 'EEXIST', 'ENFILE', 'ENOENT', 'ENOSPC'],
  shmat: sharing,
  shmdt: ['EINVAL'],
  shmctl: [...sharing, 'EFAULT'],
  mbind: [...placing, 'EIO'],
  set_mempolicy: placing,
  get_mempolicy: placing,
  move_pages: [...placing, 'E2BIG', 'EACCES', 'ENODEV', 'ENOENT', 'ESRCH'],
  sched_setaffinity: placing,
  madvise: ['EACCES', 'EAGAIN', 'EBADF', 'EBUSY', 'EINVAL', 'ENOMEM', 'EPERM'],
  mmap: ['EACCES', 'EAGAIN', 'EBADF', 'EINVAL', 'ENFILE', 'ENODEV', 'ENOMEM', 'EOVERFLOW', 'EPERM'],
  setns: ['EBADF', 'EINVAL', 'ENOMEM', 'EPERM', 'ESRCH'],
  unshare: ['EINVAL', 'ENOMEM', 'ENOSPC', 'EPERM', 'EUSERS'],
}

/** The calls that can be made to fail. */
export const failingCalls: readonly string[] = Object.keys(named)

/** What a call can answer, each errno once. */
export const errnosOf = (call: string): readonly string[] => [
  ...new Set([...always, ...(named[call] ?? [])]),
]

/** Calls after which something is not as it was before: all of their errnos are tried on each file. */
export const changingCalls: ReadonlySet<string> = new Set([
  ...['write', 'pwrite64', 'writev', 'fsync', 'fdatasync', 'ftruncate', 'fallocate', 'rename'],
  ...['renameat2', 'link', 'linkat', 'symlink', 'unlink', 'unlinkat', 'mkdir', 'mkdirat', 'rmdir'],
  ...['chmod', 'fchmod', 'chown', 'fchown', 'utimensat', 'mount', 'umount2', 'fsopen'],
  ...['fsconfig', 'fsmount', 'open_tree', 'move_mount', 'mount_setattr', 'memfd_create', 'shmget'],
  ...['shmat', 'shmdt', 'shmctl', 'mbind', 'set_mempolicy', 'setns', 'unshare'],
])
