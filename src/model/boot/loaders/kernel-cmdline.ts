import type { BootFiles } from './boot-files.ts'
import { withSequence } from './hugetlb-sequence.ts'
import type { LoaderFile } from './loader-row.ts'

/** The file with the line that kernel-install(8) and other tools take. It has no comments. */
export const cmdlinePath = '/etc/kernel/cmdline'
export const vendorCmdline = '/usr/lib/kernel/cmdline'
export const runningLine = '/proc/cmdline'

/**
 * Returns what the tools take where there is no file: the line of the vendor, or that of the
 * running kernel without what the boot loader adds.
 */
const startOf = ({ texts }: BootFiles): string => {
  const vendor = texts.get(vendorCmdline)
  if (vendor !== undefined) return vendor
  const words = (texts.get(runningLine) ?? '').trim().split(/\s+/)
  return `${words.filter((word) => !/^(?:BOOT_IMAGE|initrd)=/.test(word)).join(' ')}\n`
}

/** Describes the file, in which words are added to what others wrote. */
export const cmdlineFile = (files: BootFiles): LoaderFile => ({
  path: cmdlinePath,
  isOwn: false,
  start: startOf(files),
  staysForCommands: true,
  write: (before, { wanted }) => withSequence(before, wanted),
})
