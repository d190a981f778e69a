/** Properties of units, as `systemctl show` writes them, by their names. */
export const unitsIn = (text: string): ReadonlyMap<string, Readonly<Record<string, string>>> =>
  new Map(
    text
      .trim()
      .split('\n\n')
      .map((block) => {
        const unit = Object.fromEntries(
          block.split('\n').map((line) => {
            const sign = line.indexOf('=')
            return [line.slice(0, sign), line.slice(sign + 1)]
          }),
        )
        return [unit.Id ?? '', unit]
      }),
  )

/** Properties of `systemctl show`, by which units are put in order. */
export const timesShown = 'Id,InactiveExitTimestampMonotonic,ActiveEnterTimestampMonotonic'

/** Of units that should follow each other those that began before the one before had come to its end. */
export const tooEarly = (text: string, chain: readonly string[]): readonly string[] => {
  const units = unitsIn(text)
  return chain.slice(1).filter((name, index) => {
    const ended = Number(units.get(chain[index] ?? '')?.ActiveEnterTimestampMonotonic)
    const began = Number(units.get(name)?.InactiveExitTimestampMonotonic)
    return !(ended > 0 && ended <= began)
  })
}
