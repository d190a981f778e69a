/** Puts values in the places of a text that have their names: `@VERSION@`. Each has to be there. */
export const filled = (template, values) => {
  const text = Object.entries(values).reduce((all, [name, value]) => {
    const place = `@${name.toUpperCase()}@`
    if (!all.includes(place)) throw new Error(`${place} is nowhere in the text`)
    return all.replaceAll(place, value)
  }, template)
  const [left] = /@[A-Z0-9]+@/.exec(text) ?? []
  if (left !== undefined) throw new Error(`nothing is known of ${left}`)
  return text
}
