import { serviceUnit } from './service-kind.ts'

/** The order for consumers: to start after the service, and whether only where that succeeded. */
export interface ConsumerOrder {
  readonly units: readonly string[]
  readonly requires: boolean
}

/** The units that people mean by one name, or of which one does the work of another. */
const consumerUnits: ReadonlyMap<string, readonly string[]> = new Map([
  ['libvirtd', ['libvirtd.service', 'virtqemud.service']],
  // Debian's postgresql.service starts nothing itself: its clusters are instances of the template.
  ['postgresql', ['postgresql.service', 'postgresql@.service']],
])

/** Consumers that are known by name, for completion. */
export const knownConsumers: readonly string[] = ['libvirtd', 'kubelet', 'postgresql', 'dpdk']

const suffix = /\.(?:service|socket|mount|automount|target|slice|path|timer|swap|device)$/

/**
 * The most characters of the name of a unit: UNIT_NAME_MAX of systemd, without the byte that ends
 * the string.
 */
const longestName = 255

/** Returns the units of a consumer; undefined for a word that can name none. */
export const unitsOfConsumer = (word: string): readonly string[] | undefined => {
  const known = consumerUnits.get(word)
  if (known !== undefined) return known
  const name = suffix.test(word) ? word : `${word}.service`
  const isName = /^[A-Za-z0-9:_.\\@-]+$/.test(name) && !name.startsWith('.')
  return isName && name.length <= longestName ? [name] : undefined
}

/** Returns the path of the drop-in that orders a unit after the service. */
export const consumerPath = (unit: string): string => `/etc/systemd/system/${unit}.d/hugepool.conf`

/**
 * Returns the text of a drop-in that orders consumers after the service. Its comments are the paths
 * at which it belongs.
 */
export const consumerText = ({ units, requires }: ConsumerOrder): string =>
  [
    ...units.map((unit) => `# ${consumerPath(unit)}`),
    '[Unit]',
    `After=${serviceUnit}`,
    `${requires ? 'Requires' : 'Wants'}=${serviceUnit}`,
    '',
  ].join('\n')
