import type { Json } from '../model/json.ts'

const entryText = ([key, value]: [string, Json | undefined]): string[] =>
  value === undefined ? [] : [`${JSON.stringify(key)}:${jsonText(value)}`]

/**
 * Returns one line of JSON. JSON.stringify refuses bigint, and a number would lose digits above
 * 2^53.
 */
export const jsonText = (value: Json): string => {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  return `{${Object.entries(value).flatMap(entryText).join(',')}}`
}
