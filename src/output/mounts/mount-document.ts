import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import type { MountDocument } from '../schemas/documents.ts'

/** A mount as every JSON document has it. */
export const mountDocument = (mount: HugetlbfsMount): MountDocument => ({
  target: mount.target,
  pageSize: mount.pageSize,
  size: mount.size,
  minSize: mount.minSize,
  inodes: mount.inodes,
  used: mount.used,
  free: mount.free,
  files: mount.files,
  uid: mount.uid,
  gid: mount.gid,
  mode: mount.mode,
  options: mount.options,
  hidden: mount.hidden,
})
