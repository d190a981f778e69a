import {
  type Arbitrary,
  assert as assertRuns,
  configureGlobal,
  type IAsyncProperty,
  type IProperty,
  type IRawProperty,
  integer,
  oneof,
  type Parameters,
} from 'fast-check'

export * from 'fast-check'

const numberOf = (variable: string, otherwise: number): number =>
  Number(process.env[variable] ?? otherwise)

// The seed is the same in every run, so that what fails is due to the change that is tested, and so
// that a mutation is compared with the values that the unchanged source had.
// `npm run test:properties` takes other seeds and more runs.
configureGlobal({ seed: numberOf('HUGEPOOL_TEST_SEED', 4096) })

const factor = numberOf('HUGEPOOL_TEST_RUNS', 1)

/** fast-check's assert, with HUGEPOOL_TEST_RUNS times as many runs. */
export function assert<T>(property: IAsyncProperty<T>, parameters?: Parameters<T>): Promise<void>
export function assert<T>(property: IProperty<T>, parameters?: Parameters<T>): void
export function assert<T>(
  property: IRawProperty<T>,
  { numRuns = 100, ...rest }: Parameters<T> = {},
): Promise<void> | void {
  return assertRuns(property, { ...rest, numRuns: numRuns * factor })
}

const codePoint = (most: number): Arbitrary<number> =>
  integer({ min: 0, max: most }).filter((code) => code < 0xd800 || code > 0xdfff)

/**
 * Any character, for `unit` of `string`: the half of all ASCII. fast-check's own 'binary' and
 * 'grapheme' list all of Unicode at each use, which takes a second.
 */
export const character: Arbitrary<string> = oneof(
  ...[0x7f, 0x7f, 0xffff, 0x10ffff].map((most) =>
    codePoint(most).map((code) => String.fromCodePoint(code)),
  ),
)
