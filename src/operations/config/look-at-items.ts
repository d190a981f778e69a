import { wantsLine } from '../../model/config/boot-items.ts'
import type { ConfigItem } from '../../model/config/config-item.ts'
import type { Configuration } from '../../model/config/configuration.ts'
import { lookAtNextLine } from '../boot/next-line.ts'
import type { Ports } from '../ports.ts'
import { readDesiredPlan } from './read-desired.ts'

/**
 * Compares the machine with all that a configuration is about. The boot loader is asked for the
 * line of the next start only where the configuration has words for it.
 */
export const lookAtItems = async (
  ports: Ports,
  configuration: Configuration,
): Promise<readonly ConfigItem[]> => {
  const nextLine = wantsLine(configuration) ? await lookAtNextLine(ports) : undefined
  return readDesiredPlan(ports.tree, { configuration }, nextLine).items
}
