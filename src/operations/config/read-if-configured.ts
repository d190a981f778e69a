import { findConfigFiles } from '../../kernel/config/config-files.ts'
import type { Configuration } from '../../model/config/configuration.ts'
import { mergeFiles } from '../../model/config/merge-files.ts'
import type { Ports } from '../ports.ts'

/**
 * Reads the configuration of a machine as `readConfiguration` does, and throws the same errors. The
 * code that reads and judges its files takes 20 ms to load, and most machines have no such files.
 */
export const readIfConfigured = async (ports: Pick<Ports, 'tree'>): Promise<Configuration> => {
  const { found, skipped } = findConfigFiles(ports.tree)
  const nothing = mergeFiles([])
  if (found.length === 0 && 'configuration' in nothing) return { ...nothing.configuration, skipped }
  const { readConfiguration } = await import('./read-configuration.ts')
  return readConfiguration(ports, { from: 'machine' })
}
