import { blsEntries, entryFolders } from './bls-entries.ts'
import { firstLine } from './edited-file.ts'
import { isSystemdBoot, loaderInfo } from './efi-variables.ts'
import { withSequenceFirst } from './hugetlb-sequence.ts'
import { cmdlineFile, cmdlinePath, runningLine } from './kernel-cmdline.ts'
import type { BootEntry, InstallingLoader } from './loader-row.ts'
import { choicePaths, chosenEntries } from './systemd-boot.ts'

const uuids = '/etc/kernel/proxmox-boot-uuids'
const efi = '/sys/firmware/efi'
/** With Secure Boot this shim starts GRUB, and systemd-boot is not used. */
const shim = '/usr/lib/shim/shimx64.efi.signed'

/**
 * Tells whether proxmox-boot-tool has made an entry, which is seen where the partition is mounted.
 */
const isCopied = ({ path }: BootEntry): boolean => /\/proxmox-[^/]*\.conf$/.test(path)

/**
 * Proxmox copies kernels and their line to boot partitions, which are not mounted as a rule. The
 * entries of one that is mounted show what will be booted; otherwise the line that will be copied
 * does.
 */
export const proxmox: InstallingLoader = {
  kind: 'install',
  name: 'proxmox',
  title: `systemd-boot of Proxmox (${cmdlinePath})`,
  traces: {
    marks: [uuids, efi, shim],
    programs: ['proxmox-boot-tool'],
    texts: [cmdlinePath, runningLine, loaderInfo, ...choicePaths],
    folders: entryFolders,
  },
  isHere: (files) =>
    files.programs.has('proxmox-boot-tool') &&
    files.marks.has(uuids) &&
    files.marks.has(efi) &&
    (files.texts.has(loaderInfo) ? isSystemdBoot(files) : !files.marks.has(shim)),
  // The tool takes the first line of the file for all entries.
  file: (files) => ({
    ...cmdlineFile(files),
    read: firstLine,
    write: (before, { wanted }) => withSequenceFirst(before, wanted),
  }),
  commands: () => [['proxmox-boot-tool', 'refresh']],
  entries: (files) => {
    const copied = blsEntries(files, { named: chosenEntries(files) }).filter(isCopied)
    const text = files.texts.get(cmdlinePath)
    const line = text === undefined ? undefined : firstLine(text).trim()
    return copied.length > 0 || line === undefined
      ? copied
      : [{ path: cmdlinePath, title: 'every kernel', line }]
  },
  once: "press 'e' in the menu of systemd-boot and delete the words",
}
