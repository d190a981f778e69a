import { shellWord } from '../etc/shell-word.ts'
import type { HugetlbfsMount } from './hugetlbfs-mount.ts'
import { filesWords } from './umount-change.ts'

/** Names what goes away with a mount that has to be removed before another one is made. */
const lossHints = ({ files, fileBytes = 0n, pageSize }: HugetlbfsMount): readonly string[] => {
  if (files === 0n && fileBytes === 0n) return []
  const its = files === undefined ? 'its files' : filesWords({ files, pages: fileBytes / pageSize })
  return [`${its} would go away with the mount, unless it is mounted elsewhere too`]
}

/**
 * Returns the hint to remove a mount before another one is made, and what would be lost with it.
 */
export const removeFirstHint = (when: string, mount: HugetlbfsMount): string =>
  [`${when}: hugepool umount ${shellWord(mount.target)}`, ...lossHints(mount)].join('\n')
