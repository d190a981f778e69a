import { visible } from './octal-escapes.ts'

/**
 * Joins hints as the text of an error, which has a line for each; undefined for none. What a
 * process or a file is called cannot begin a line of its own, which would look like a hint.
 */
export const hintText = (hints: readonly string[]): string | undefined =>
  hints.length === 0 ? undefined : hints.map(visible).join('\n')
