import type { HugetlbfsMount } from '../../model/mounts/hugetlbfs-mount.ts'
import type { MountDocument } from '../schemas/documents.ts'

/** Returns a mount in the form that all JSON documents use. */
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
