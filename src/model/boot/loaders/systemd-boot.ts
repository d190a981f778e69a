import { blsEntries, blsValue, entryFolders } from './bls-entries.ts'
import { type BootFiles, textsIn } from './boot-files.ts'
import { isSystemdBoot, loaderInfo, stubInfo, systemdBootMarks } from './efi-variables.ts'
import { cmdlineFile, cmdlinePath, runningLine, vendorCmdline } from './kernel-cmdline.ts'
import type { InstallingLoader } from './loader-row.ts'

const machineId = '/etc/machine-id'
const entryToken = '/etc/kernel/entry-token'

export const loaderConfs: readonly string[] = ['/boot', '/efi', '/boot/efi'].map(
  (boot) => `${boot}/loader/loader.conf`,
)

/** The pattern of the entry that is booted without a choice. */
export const namedInConf = ({ texts }: BootFiles): string =>
  loaderConfs.flatMap((path) => blsValue(texts.get(path) ?? '', 'default') ?? []).at(0) ?? ''

/** The releases of entries that kernel-install(8) made: it names them for the machine, or a token. */
export const installedReleases = (files: BootFiles): readonly string[] => {
  const token = (files.texts.get(entryToken) ?? files.texts.get(machineId) ?? '').trim()
  const entries = entryFolders.flatMap((folder) => textsIn(files, folder, '.conf'))
  const made = entries.filter(
    ([path, text]) =>
      blsValue(text, 'machine-id') !== undefined ||
      (token !== '' && path.slice(path.lastIndexOf('/') + 1).startsWith(`${token}-`)),
  )
  return [...new Set(made.flatMap(([, text]) => blsValue(text, 'version') ?? []))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
}

const commandsFor = (files: BootFiles): readonly (readonly string[])[] =>
  installedReleases(files).flatMap((release) => {
    const image = files.images.get(release)
    return image === undefined ? [] : [['kernel-install', 'add', release, image]]
  })

/** What the rows of systemd-boot look at. */
export const systemdBootPlaces = {
  programs: ['kernel-install'],
  texts: [
    ...[cmdlinePath, vendorCmdline, runningLine, machineId, entryToken, loaderInfo],
    ...loaderConfs,
  ],
  marks: [stubInfo, ...systemdBootMarks],
  folders: entryFolders,
}

/**
 * systemd-boot with entries that kernel-install(8) makes anew. Entries that were written by hand are
 * not changed by it.
 */
export const systemdBoot: InstallingLoader = {
  kind: 'install',
  name: 'systemd-boot',
  title: `systemd-boot with kernel-install (${cmdlinePath})`,
  places: systemdBootPlaces,
  isHere: (files) =>
    isSystemdBoot(files) &&
    !files.marks.has(stubInfo) &&
    files.programs.has('kernel-install') &&
    commandsFor(files).length > 0,
  file: cmdlineFile,
  commands: commandsFor,
  entries: (files) => blsEntries(files, { named: namedInConf(files) }),
  once: "press 'e' in the menu of systemd-boot and delete the words",
}
