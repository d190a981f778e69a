import type { BootFiles } from './boot-files.ts'

const bootLoaderGuid = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
const variable = (name: string): string => `/sys/firmware/efi/efivars/${name}-${bootLoaderGuid}`

/** The boot loader's name, in UTF-16 (systemd-boot(7)); GRUB's module bli has one of its own. */
export const loaderInfo = variable('LoaderInfo')

/** There where the kernel was started out of an image with its command line (systemd-stub(7)). */
export const stubInfo = variable('StubInfo')

/** The entry for one start, the default, and the one that was booted last (systemd-boot(7)). */
export const entryVariables = {
  once: variable('LoaderEntryOneShot'),
  usual: variable('LoaderEntryDefault'),
  last: variable('LoaderEntryLastBooted'),
} as const

/** A name in UTF-16, behind the four bytes of the attributes of a variable. */
export const entryNameIn = ({ texts }: BootFiles, path: string): string | undefined =>
  texts.get(path)?.slice(4).replaceAll('\0', '')

/** Where bootctl(1) installs systemd-boot. */
export const systemdBootMarks: readonly string[] = ['/boot', '/efi', '/boot/efi'].map(
  (boot) => `${boot}/EFI/systemd`,
)

/** The loader that started this machine, where it told. */
const toldLoader = ({ texts }: BootFiles): string | undefined =>
  texts.get(loaderInfo)?.replaceAll('\0', '')

/** Whether systemd-boot starts the machine: it told so, or nothing told and it is installed. */
export const isSystemdBoot = (files: BootFiles): boolean =>
  toldLoader(files)?.includes('systemd-boot') ??
  systemdBootMarks.some((path) => files.marks.has(path))
