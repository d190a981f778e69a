import { usage } from '../../errors.ts'
import { type MountFlag, mountFlags } from './desired-mount.ts'

/** The words that set a flag, and their opposites that clear it. */
const flagChanges: ReadonlyMap<string, readonly [MountFlag, boolean]> = new Map([
  ['ro', ['ro', true]],
  ['rw', ['ro', false]],
  ['nosuid', ['nosuid', true]],
  ['suid', ['nosuid', false]],
  ['nodev', ['nodev', true]],
  ['dev', ['nodev', false]],
  ['noexec', ['noexec', true]],
  ['exec', ['noexec', false]],
])

/** The words that a list of flags can contain. */
export const flagWords: readonly string[] = [...flagChanges.keys()]

/** The flags of a new mount, where no word changes them. */
export const usualFlags: readonly MountFlag[] = ['nosuid', 'nodev']

/**
 * Changes flags by a list such as `noexec,suid`, of which the last word wins. Throws E_USAGE for a
 * word that is no flag.
 */
export const changedFlags = (text: string, from: readonly MountFlag[]): readonly MountFlag[] => {
  const set = new Set(from)
  for (const word of text === '' ? [] : text.split(',')) {
    const change = flagChanges.get(word)
    if (change === undefined)
      throw usage(
        `'${word}' is not a flag`,
        `the flags are ${flagWords.join(', ')}; limits and owner may stand there as in mount(8), size=4G`,
      )
    const [flag, on] = change
    if (on) set.add(flag)
    else set.delete(flag)
  }
  return mountFlags.filter((flag) => set.has(flag))
}
