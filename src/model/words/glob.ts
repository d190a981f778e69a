/** What one place of a pattern stands for: any characters, or one of those that it tells. */
export type Place = 'any' | ((character: string) => boolean)

/** The place of a character in a pattern in which only `*` is no character of its own. */
const starPlace = (each: string): Place => (each === '*' ? 'any' : (other) => other === each)

/** The place of a character in a glob: `*` stands for any characters, `?` for one. */
export const globPlace = (each: string): Place => (each === '?' ? () => true : starPlace(each))

/**
 * Whether the places of a pattern stand for a whole name. Only the last of those for any characters is
 * tried further on, so the time grows at most with the product of both lengths, while a regular
 * expression can take exponential time.
 */
export const placesMatch = (places: readonly Place[], name: string): boolean => {
  let [at, next, any, from] = [0, 0, -1, 0]
  while (next < name.length) {
    const place = places[at]
    if (place === 'any') {
      any = at
      from = next
      at += 1
    } else if (place?.(name.charAt(next))) {
      at += 1
      next += 1
    } else if (any < 0) return false
    else {
      from += 1
      at = any + 1
      next = from
    }
  }
  return places.slice(at).every((place) => place === 'any')
}

/** Whether a pattern means a whole name, in which only `*` is no character of its own. */
export const starsMatch = (pattern: string, name: string): boolean =>
  placesMatch(pattern.split('').map(starPlace), name)

/** Whether a glob means a whole name: `*` stands for any characters, `?` for one. */
export const globMatches = (glob: string, name: string): boolean =>
  placesMatch(glob.split('').map(globPlace), name)
