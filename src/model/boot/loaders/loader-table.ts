import type { BootFiles, LoaderTraces } from './boot-files.ts'
import { bootc } from './bootc.ts'
import { debianGrub } from './debian-grub.ts'
import { grubby } from './grubby.ts'
import { kexecTraces } from './kexec-load.ts'
import type { LoaderRow } from './loader-row.ts'
import { describedSystems, editedLoaders, unknownLoader } from './printed-loaders.ts'
import { proxmox } from './proxmox.ts'
import { raspberryPi } from './raspberry-pi.ts'
import { rpmOstree } from './rpm-ostree.ts'
import { sdbootutil } from './sdbootutil.ts'
import { systemdBoot } from './systemd-boot.ts'
import { uBootMenu } from './u-boot-menu.ts'

/** Every boot loader that is known. The first whose signs are there is that of the machine. */
export const loaderTable: readonly LoaderRow[] = [
  ...describedSystems,
  bootc,
  rpmOstree,
  proxmox,
  sdbootutil,
  grubby,
  debianGrub,
  systemdBoot,
  uBootMenu,
  raspberryPi,
  ...editedLoaders,
  unknownLoader,
]

export const findLoader = (files: BootFiles): LoaderRow =>
  loaderTable.find((row) => row.isHere(files)) ?? unknownLoader

export const loaderNamed = (name: string): LoaderRow | undefined =>
  loaderTable.find((row) => row.name === name)

const allOf = (of: (traces: LoaderTraces) => readonly string[] | undefined): readonly string[] => [
  ...new Set(
    [...loaderTable.map(({ traces }) => traces), kexecTraces].flatMap((one) => of(one) ?? []),
  ),
]

/** All traces that tell the boot loader and its words, and whether a reboot goes past it. */
export const allTraces: Required<Omit<LoaderTraces, 'asks'>> = {
  texts: allOf(({ texts }) => texts),
  folders: allOf(({ folders }) => folders),
  marks: allOf(({ marks }) => marks),
  programs: allOf(({ programs }) => programs),
}
