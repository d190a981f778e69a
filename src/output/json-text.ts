import { jsonEscape, withControls } from '../model/etc/octal-escapes.ts'
import type { Json } from '../model/json.ts'

/**
 * Escapes characters that control a terminal, of which JSON.stringify leaves some as they are. They
 * can stand only within the quotes.
 */
const quotedJson = (value: Json | undefined): string =>
  withControls(JSON.stringify(value), jsonEscape)

const entryText = ([key, value]: [string, Json | undefined]): string[] =>
  value === undefined ? [] : [`${quotedJson(key)}:${jsonText(value)}`]

/**
 * Returns one line of JSON. JSON.stringify refuses bigint, and a number would lose digits above
 * 2^53.
 */
export const jsonText = (value: Json): string => {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object') return quotedJson(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  return `{${Object.entries(value).flatMap(entryText).join(',')}}`
}
