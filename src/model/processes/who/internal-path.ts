// How /proc shows files of huge pages that are on the kernel's own mount of hugetlbfs, where nobody
// finds them by a name (hugetlb_file_setup in fs/hugetlbfs/inode.c, and its callers).

/** Whether a path stands for memory that mmap(2) gave without a file. */
export const isAnonymousPath = (path: string): boolean => path.startsWith('/anon_hugepage')

/** Whether a path stands for a SysV segment; its key in hexadecimal digits follows. */
export const isSegmentPath = (path: string): boolean => path.startsWith('/SYSV')

/** Whether a path is that of any file of the kernel's own mount: memory, a segment, a memfd. */
export const isInternalPath = (path: string): boolean =>
  isAnonymousPath(path) || isSegmentPath(path) || path.startsWith('/memfd:')
