/** Returns the value that a text has as JSON, or undefined for a text that is no JSON. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
