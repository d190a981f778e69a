import type { HugetlbfsMount, ShownMount } from '../../model/mounts/hugetlbfs-mount.ts'
import type { MountDocument, ShownMountDocument } from '../schemas/documents.ts'

/** Returns a mount in the form of `mounts`, where some of its options may not be understood. */
export const shownMountDocument = (mount: ShownMount): ShownMountDocument => ({
  target: mount.target,
  device: mount.device,
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
  notUnderstood: mount.unclear,
})

/** Returns a mount in the form that all other JSON documents use. */
export const mountDocument = (mount: HugetlbfsMount): MountDocument => {
  const { notUnderstood, ...shown } = shownMountDocument(mount)
  const { pageSize, uid, gid, mode } = mount
  return { ...shown, pageSize, uid, gid, mode }
}
