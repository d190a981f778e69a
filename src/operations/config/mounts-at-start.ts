import { dropInDirectories, mainFile } from '../../kernel/config/config-files.ts'
import { isThere } from '../../kernel/etc/etc-files.ts'
import type { StartEntry } from '../../model/mounts/persist/start-entry.ts'
import type { KeptMounts } from '../mounts/kept-mounts.ts'
import type { Ports } from '../ports.ts'

/**
 * Whether there is anything that could be a configuration: the code that reads one takes a while to
 * load.
 */
const hasConfiguration = ({ tree }: Ports): boolean =>
  [mainFile, ...dropInDirectories].some((path) => isThere(tree, path))

/** Returns what the configuration has to do with mounts; undefined on a machine that has none. */
export const mountsToUnkeep = async (ports: Ports): Promise<KeptMounts | undefined> =>
  hasConfiguration(ports)
    ? (await import('./configured-mounts.ts')).configuredMounts(ports)
    : undefined

/** Looks for what mounts a directory at the next start by the configuration. */
export const keptAtStart = async (ports: Ports, target: string): Promise<readonly StartEntry[]> =>
  hasConfiguration(ports)
    ? (await import('./configured-mounts.ts')).configuredAtStart(ports, target)
    : []
