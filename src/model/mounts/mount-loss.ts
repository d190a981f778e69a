import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { filesWords } from './umount-change.ts'

/** Names what goes away with a mount that has to be removed before another one is made. */
export const lossHints = ({
  files,
  fileBytes = 0n,
  pageSize,
}: HugetlbfsMount): readonly string[] => {
  if (files === 0n && fileBytes === 0n) return []
  const its = files === undefined ? 'its files' : filesWords({ files, pages: fileBytes / pageSize })
  return [`${its} would go away with the mount, unless it is mounted elsewhere too`]
}
