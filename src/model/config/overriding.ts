import { lastName } from '../etc/path-parts.ts'
import type { ConfigPlace, Configuration } from './configuration.ts'
import { ownDropIn } from './own-drop-in.ts'

/** Whether what a file says is merged after what hugepool's drop-in says. */
const comesLater = (file: string): boolean =>
  file.includes('/hugepool.d/') && lastName(file) > lastName(ownDropIn)

/**
 * The places that override what hugepool's drop-in says of keys such as `pools.2M.pages`: those of
 * files with a later name. Of several the last one counts, and it is the one that is known.
 */
export const overriding = (
  { places }: Pick<Configuration, 'places'>,
  keys: readonly string[],
): readonly ConfigPlace[] =>
  keys.flatMap((key) => {
    const place = places.get(key)
    return place !== undefined && comesLater(place.file) ? [place] : []
  })
