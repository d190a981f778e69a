import { lastName } from '../../etc/path-parts.ts'
import { blsEntries, blsValue, entryFolders } from './bls-entries.ts'
import { type BootFiles, textsIn } from './boot-files.ts'
import {
  entryNameIn,
  entryVariables,
  isSystemdBoot,
  loaderInfo,
  stubInfo,
  systemdBootMarks,
} from './efi-variables.ts'
import { cmdlineFile, cmdlinePath, runningLine, vendorCmdline } from './kernel-cmdline.ts'
import type { InstallingLoader } from './loader-row.ts'

const machineId = '/etc/machine-id'
const entryToken = '/etc/kernel/entry-token'

const loaderConfs: readonly string[] = ['/boot', '/efi', '/boot/efi'].map(
  (boot) => `${boot}/loader/loader.conf`,
)

/** The files that say which entry is booted without a choice. */
export const choicePaths: readonly string[] = [...loaderConfs, ...Object.values(entryVariables)]

/**
 * Returns the patterns of the entry that is booted without a choice, the one that counts most
 * first: that of one start, the default that was set, and that of loader.conf
 * (config_select_default_entry of src/boot/efi/boot.c in systemd).
 */
export const chosenEntries = (files: BootFiles): readonly string[] => {
  const inConf = loaderConfs.flatMap(
    (path) => blsValue(files.texts.get(path) ?? '', 'default') ?? [],
  )
  return [
    entryNameIn(files, entryVariables.once),
    entryNameIn(files, entryVariables.usual),
    inConf[0],
  ].flatMap((name) => (name === '@saved' ? entryNameIn(files, entryVariables.last) : name) ?? [])
}

/**
 * Finds the releases of entries that kernel-install(8) made. It names these after the machine, or
 * after a token.
 */
export const installedReleases = (files: BootFiles): readonly string[] => {
  const token = (files.texts.get(entryToken) ?? files.texts.get(machineId) ?? '').trim()
  const entries = entryFolders.flatMap((folder) => textsIn(files, folder, '.conf'))
  const made = entries.filter(
    ([path, text]) =>
      blsValue(text, 'machine-id') !== undefined ||
      (token !== '' && lastName(path).startsWith(`${token}-`)),
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

/** The traces that both rows of systemd-boot look for. */
export const systemdBootTraces = {
  programs: ['kernel-install'],
  texts: [
    ...[cmdlinePath, vendorCmdline, runningLine, machineId, entryToken, loaderInfo],
    ...choicePaths,
  ],
  marks: [stubInfo, ...systemdBootMarks],
  folders: entryFolders,
}

/**
 * systemd-boot with entries that kernel-install(8) makes anew. It changes none that was written by
 * hand.
 */
export const systemdBoot: InstallingLoader = {
  kind: 'install',
  name: 'systemd-boot',
  title: `systemd-boot with kernel-install (${cmdlinePath})`,
  traces: systemdBootTraces,
  isHere: (files) =>
    isSystemdBoot(files) &&
    !files.marks.has(stubInfo) &&
    files.programs.has('kernel-install') &&
    commandsFor(files).length > 0,
  file: cmdlineFile,
  commands: commandsFor,
  entries: (files) => blsEntries(files, { named: chosenEntries(files) }),
  once: "press 'e' in the menu of systemd-boot and delete the words",
}
