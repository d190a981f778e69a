/**
 * Lets one look answer all who ask while it goes on, and for so many milliseconds afterwards. An error
 * is shared in the same way.
 */
export const sharedLook = <Found>(
  clock: () => number,
  milliseconds: number,
  look: () => Promise<Found>,
): (() => Promise<Found>) => {
  let last: Promise<Found> | undefined
  let endedAt: number | undefined
  const begin = (): Promise<Found> => {
    endedAt = undefined
    const found = look().finally(() => {
      endedAt = clock()
    })
    last = found
    return found
  }
  return () =>
    last === undefined || (endedAt !== undefined && clock() - endedAt >= milliseconds)
      ? begin()
      : last
}
