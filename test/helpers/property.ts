import {
  assert as assertRuns,
  configureGlobal,
  type IAsyncProperty,
  type IProperty,
  type IRawProperty,
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
