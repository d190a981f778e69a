import type { Need } from '../live/support/needs.ts'

/** One live test as a guest's TAP tells it. */
interface Told {
  readonly title: string
  readonly skipped?: string
}

const line = /^(?:not )?ok \d+ - (.*?)(?: # SKIP (.*?))?(?: # time=.*)?(?: \{)?$/

/** The live tests of a guest, its top-level results. */
const told = (tap: string): readonly Told[] =>
  tap
    .split(/\r?\n/)
    .map((text) => line.exec(text))
    .flatMap((match) =>
      match === null
        ? []
        : [{ title: match[1] ?? '', ...(match[2] !== undefined && { skipped: match[2] }) }],
    )

/**
 * Titles of the tests that every guest skipped, but for those that no guest can run: one guest that
 * says so is enough, for another may have lacked more than that, and tells what it lacked first.
 */
export const neverRan = (
  taps: readonly string[],
  excused: readonly string[],
): readonly string[] => {
  const all = taps.flatMap(told)
  const isExplained = ({ skipped }: Told) => skipped === undefined || excused.includes(skipped)
  const explained = new Set(all.filter(isExplained).map(({ title }) => title))
  return [...new Set(all.map(({ title }) => title))].filter((title) => !explained.has(title))
}

/** Titles of the tests that a guest skipped for want of what its machine is there to give. */
export const skippedFor = (tap: string, need: Need): readonly string[] =>
  told(tap)
    .filter(({ skipped }) => skipped === `needs ${need}`)
    .map(({ title }) => title)

/** The directives excuse a test from passing: that is no failure. For patterns that ignore case. */
export const notOk = String.raw`not ok\b(?!.*# (?:TODO|SKIP)\b)`

/** Each failure of a guest with its diagnosis, as its TAP tells it. */
const failure = new RegExp(
  String.raw`^( *)${notOk}.*(?:\n\1 {2}---\n[\s\S]*?\n\1 {2}\.\.\.)?`,
  'gim',
)

/** What failed in this guest: to be read last, below all that passed. Empty where nothing did. */
export const failures = (name: string, tap: string): string => {
  const all = tap.replace(/\r\n/g, '\n').match(failure) ?? []
  return all.length === 0 ? '' : `${[`# ${name}:`, ...all].join('\n')}\n`
}
