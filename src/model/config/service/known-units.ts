import { unitPropertiesIn } from './unit-properties.ts'

/** The properties of a unit that tell what systemd knows of it. */
export const knownProperties = ['ActiveState', 'NeedDaemonReload', 'WantedBy'] as const

/** How the units of hugepool have to be known, by what was done with their files. */
export interface KnownUnits {
  /** A unit, and the target that wants it at a start once it is installed, and no more once it is removed. */
  readonly wanted: string
  readonly by: string
  /** Whether that one runs as long as it is installed. */
  readonly runs: boolean
  /** Units that it starts. */
  readonly others: readonly string[]
}

/** All units that systemd is asked of, in the order of its answers. */
export const askedUnits = ({ wanted, others }: KnownUnits): readonly string[] => [wanted, ...others]

/**
 * Whether systemd has read the files of units as they are now, by what `systemctl show` prints of them:
 * a block of lines for each, in the order of `askedUnits`. A hugepool that was killed may have changed the
 * files alone, so that a second one finds nothing to change in them.
 */
export const areKnown = (
  text: string,
  { by, runs }: KnownUnits,
  verb: 'install' | 'remove',
): boolean => {
  const blocks = text.trim().split('\n\n').map(unitPropertiesIn)
  const [first] = blocks
  // Units of others may want it as well, whether it is there or not.
  const isWanted = first?.get('WantedBy')?.split(' ').includes(by) === true
  const isActive = first?.get('ActiveState') === 'active'
  const has = (name: (typeof knownProperties)[number], value: string) =>
    blocks.some((block) => block.get(name) === value)
  if (has('NeedDaemonReload', 'yes')) return false
  if (verb === 'install') return isWanted && (isActive || !runs)
  // One that failed stays in the list of failed units, without its file.
  return !isWanted && !(isActive && runs) && !has('ActiveState', 'failed')
}
