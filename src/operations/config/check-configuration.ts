import type { ConfigItem } from '../../model/config/config-item.ts'
import type {
  ConfigPosition,
  Configuration,
  SkippedFile,
} from '../../model/config/configuration.ts'
import { type WholeState, wholeState } from '../../model/config/whole-state.ts'
import type { Writer } from '../../model/config/writers/writer.ts'
import type { Ports } from '../ports.ts'
import { findWriters } from './find-writers.ts'
import { lookAtItems } from './look-at-items.ts'
import { type ConfigSource, readConfiguration } from './read-configuration.ts'

/** The part of a configuration that every result tells. */
export interface ConfigFiles {
  readonly files: readonly string[]
  readonly skipped: readonly SkippedFile[]
  readonly positions: ReadonlyMap<string, ConfigPosition>
}

export interface CheckResult extends ConfigFiles {
  /** Absent where the files alone were judged. */
  readonly state?: WholeState
  readonly items: readonly ConfigItem[]
  /** What else sets the same things at a start, in the order of the start. */
  readonly writers: readonly Writer[]
  /** Files that may set them too, and could not be read. */
  readonly unread: readonly string[]
}

export interface CheckOptions {
  /** Whether the files alone are judged: they may be for another machine. */
  readonly syntax: boolean
}

export const filesOf = ({ files, skipped, positions }: Configuration): ConfigFiles => ({
  files,
  skipped,
  positions,
})

/**
 * Compares this machine with its configuration, and reads only. Throws E_CONFIG and E_PERMISSION
 * for files that cannot be read, and E_UNSUPPORTED without HugeTLB.
 */
export const checkConfiguration = async (
  ports: Ports,
  source: ConfigSource,
  { syntax }: CheckOptions,
): Promise<CheckResult> => {
  const configuration = readConfiguration(ports, source, { anyMachine: syntax })
  const files = filesOf(configuration)
  if (syntax) return { ...files, items: [], writers: [], unread: [] }
  const items = await lookAtItems(ports, configuration)
  const { writers, unread } = await findWriters(ports, configuration)
  return { ...files, items, state: wholeState(items), writers, unread }
}
