import { lastName } from '../etc/path-parts.ts'
import type { ConfigPlace, Configuration } from './configuration.ts'
import { ownDropIn } from './own-drop-in.ts'

/** Tells whether what a file says is merged after what hugepool's drop-in says. */
const comesLater = (file: string): boolean =>
  file.includes('/hugepool.d/') && lastName(file) > lastName(ownDropIn)

/**
 * Finds the places that override what hugepool's drop-in says of keys such as `pools.2M.pages`.
 * They stand in files with a later name, and where several do, in the last one, which counts.
 */
export const overriding = (
  { places }: Pick<Configuration, 'places'>,
  keys: readonly string[],
): readonly ConfigPlace[] =>
  keys.flatMap((key) => {
    const place = places.get(key)
    return place !== undefined && comesLater(place.file) ? [place] : []
  })
