/** Words of a kernel command line, and the number of their line in a file. */
export interface ConfiguredLine {
  readonly words: string
  readonly line: number
}

/**
 * Reads CONFIG_CMDLINE from the configuration that a kernel was built with; undefined for an empty
 * one.
 */
export const builtInLine = (config: string): ConfiguredLine | undefined => {
  const lines = config.split('\n')
  const index = lines.findIndex((each) => each.startsWith('CONFIG_CMDLINE="'))
  const [, quoted = ''] = /"(.*)"/.exec(lines[index] ?? '') ?? []
  const words = quoted.replaceAll(/\\(.)/g, '$1').trim()
  return words === '' ? undefined : { words, line: index + 1 }
}

/** Tells whether a command line has some words as they stand. */
export const hasWords = (line: string, words: string): boolean =>
  ` ${line.trim()} `.includes(` ${words} `)

/**
 * Returns the words of a command line that the boot loader did not pass. What it passed stands in
 * the device tree (`bootargs` of `chosen`): the kernel puts words of its own before or behind it,
 * or takes them in its place (CONFIG_CMDLINE_EXTEND and CONFIG_CMDLINE_FORCE). A line that the
 * kernel has cut, because it is too long, has none of its own.
 */
export const wordsNotPassed = (line: string, passed: string): string => {
  const [whole, its] = [line.trim(), passed.replace(/\0.*/s, '').trim()]
  if (its.startsWith(whole)) return ''
  return ` ${whole} `.replace(` ${its} `, ' ').trim()
}
