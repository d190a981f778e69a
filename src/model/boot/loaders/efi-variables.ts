import type { BootFiles } from './boot-files.ts'

const bootLoaderGuid = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
const variable = (name: string): string => `/sys/firmware/efi/efivars/${name}-${bootLoaderGuid}`

/**
 * Holds the name of the boot loader in UTF-16 (systemd-boot(7)). GRUB's module bli writes the name
 * of GRUB.
 */
export const loaderInfo = variable('LoaderInfo')

/**
 * Exists where the kernel was started from an image that has its command line (systemd-stub(7)).
 */
export const stubInfo = variable('StubInfo')

/**
 * Hold the entry for one start, the default, and the one that was booted last (systemd-boot(7)).
 */
export const entryVariables = {
  once: variable('LoaderEntryOneShot'),
  usual: variable('LoaderEntryDefault'),
  last: variable('LoaderEntryLastBooted'),
} as const

/** Reads a name in UTF-16, which stands behind the four bytes with the attributes of a variable. */
export const entryNameIn = ({ texts }: BootFiles, path: string): string | undefined =>
  texts.get(path)?.slice(4).replaceAll('\0', '')

/** The directories into which bootctl(1) installs systemd-boot. */
export const systemdBootMarks: readonly string[] = ['/boot', '/efi', '/boot/efi'].map(
  (boot) => `${boot}/EFI/systemd`,
)

/** Reads which boot loader started this machine; undefined where none told. */
const toldLoader = ({ texts }: BootFiles): string | undefined =>
  texts.get(loaderInfo)?.replaceAll('\0', '')

/** Tells whether systemd-boot starts the machine: it told so, or none told and it is installed. */
export const isSystemdBoot = (files: BootFiles): boolean =>
  toldLoader(files)?.includes('systemd-boot') ??
  systemdBootMarks.some((path) => files.marks.has(path))
