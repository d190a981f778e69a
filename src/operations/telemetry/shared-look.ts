/**
 * Makes one look of all that are asked for while it goes on, and for some time afterwards. What it throws
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
