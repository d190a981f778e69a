import { lastName } from '../etc/path-parts.ts'
import type { ConfigPosition, Configuration } from './configuration.ts'
import { ownDropIn } from './own-drop-in.ts'

/** Tells whether what a file says is merged after what hugepool's drop-in says. */
const comesLater = (file: string): boolean =>
  file.includes('/hugepool.d/') && lastName(file) > lastName(ownDropIn)

/**
 * Finds the positions that override what hugepool's drop-in says of keys such as `pools.2M.pages`.
 * They stand in files with a later name, and where several do, in the last one, which counts.
 */
export const overriding = (
  { positions }: Pick<Configuration, 'positions'>,
  keys: readonly string[],
): readonly ConfigPosition[] =>
  keys.flatMap((key) => {
    const position = positions.get(key)
    return position !== undefined && comesLater(position.file) ? [position] : []
  })
