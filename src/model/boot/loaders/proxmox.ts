import { isSystemdBoot, loaderInfo } from './efi-variables.ts'
import { withSequenceFirst } from './hugetlb-sequence.ts'
import { cmdlineFile, cmdlinePath, runningLine } from './kernel-cmdline.ts'
import type { InstallingLoader } from './loader-row.ts'

const uuids = '/etc/kernel/proxmox-boot-uuids'
const efi = '/sys/firmware/efi'
/** With Secure Boot the partitions have GRUB behind this instead. */
const shim = '/usr/lib/shim/shimx64.efi.signed'

/** Proxmox copies kernels and their line to boot partitions that are not mounted. */
export const proxmox: InstallingLoader = {
  kind: 'install',
  name: 'proxmox',
  title: `systemd-boot of Proxmox (${cmdlinePath})`,
  places: {
    marks: [uuids, efi, shim],
    programs: ['proxmox-boot-tool'],
    texts: [cmdlinePath, runningLine, loaderInfo],
  },
  isHere: (files) =>
    files.programs.has('proxmox-boot-tool') &&
    files.marks.has(uuids) &&
    files.marks.has(efi) &&
    (files.texts.has(loaderInfo) ? isSystemdBoot(files) : !files.marks.has(shim)),
  // The first line of the file is that of its entries.
  file: (files) => ({
    ...cmdlineFile(files),
    write: (before, { wanted }) => withSequenceFirst(before, wanted),
  }),
  commands: () => [['proxmox-boot-tool', 'refresh']],
  entries: ({ texts }) => {
    const line = texts.get(cmdlinePath)?.split('\n')[0]?.trim()
    return line === undefined ? [] : [{ path: cmdlinePath, title: 'every kernel', line }]
  },
  once: "press 'e' in the menu of systemd-boot and delete the words",
}
