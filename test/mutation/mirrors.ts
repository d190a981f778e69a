import { basename, dirname } from 'node:path'
import { build } from 'esbuild'

/** Which files each file imports, types left out; paths from the top of the checkout. */
export type Imports = Readonly<Record<string, readonly string[]>>

export const importsBelow = async (top: string, entries: readonly string[]): Promise<Imports> => {
  const { metafile } = await build({
    absWorkingDir: top,
    entryPoints: [...entries],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outdir: 'unused',
    logLevel: 'error',
  })
  return Object.fromEntries(
    Object.entries(metafile.inputs).map(([file, { imports }]) => [
      file,
      imports.flatMap(({ path, external }) => (external ? [] : [path])),
    ]),
  )
}

/** How many imports lead from a test to each file that it reaches. */
export const distancesFrom = (imports: Imports, test: string): ReadonlyMap<string, number> => {
  const distances = new Map([[test, 0]])
  const queue = [test]
  for (const file of queue)
    for (const next of imports[file] ?? []) {
      if (distances.has(next)) continue
      distances.set(next, (distances.get(file) ?? 0) + 1)
      queue.push(next)
    }
  return distances
}

const stem = (file: string): string => basename(file, '.ts')

/**
 * The source that a test mirrors: it has the same folder and name, or the longest name that the
 * test's own goes on from with a hyphen (`resize-plan-any` mirrors `resize-plan`).
 */
export const mirrored = (test: string, sources: readonly string[]): string | undefined =>
  sources
    .filter((source) => dirname(source).replace(/^src/, 'test') === dirname(test))
    .filter((source) => stem(test) === stem(source) || stem(test).startsWith(`${stem(source)}-`))
    .sort((one, other) => other.length - one.length)[0]

/** The floor and the wing that a file stands in: `['kernel', 'mounts']`. */
const placeOf = (file: string): readonly [floor: string, wing: string | undefined] => {
  const [, floor = '', ...rest] = file.split('/')
  return [floor, rest.length > 1 ? rest[0] : undefined]
}

/** So many tests are enough where none is about the source itself. */
const mostDistant = 12

/**
 * The tests that have to notice a change of a source, in rounds. First come those that mirror it;
 * where there are none those that import it themselves; where there are none either those of its
 * wing that reach it, on its floor if any do; at last the nearest that reach it. The second round
 * are the others of its wing on its floor, where a source is tested by topics.
 */
export const testsOf = (
  source: string,
  sources: readonly string[],
  tests: ReadonlyMap<string, ReadonlyMap<string, number>>,
): readonly (readonly string[])[] => {
  const reaching = [...tests]
    .flatMap(([test, distances]) => {
      const distance = distances.get(source)
      return distance === undefined ? [] : [{ test, distance }]
    })
    .sort((one, other) => one.distance - other.distance || (one.test < other.test ? -1 : 1))
  const [floor, wing] = placeOf(source)
  const ofWing = reaching.filter(({ test }) => wing !== undefined && placeOf(test)[1] === wing)
  const ofFloor = ofWing.filter(({ test }) => placeOf(test)[0] === floor)
  const choices = [
    reaching.filter(({ distance }) => distance === 1),
    ofFloor,
    ofWing.slice(0, mostDistant),
    reaching.slice(0, mostDistant),
  ]
  const nearest = choices.find((choice) => choice.length > 0)?.map(({ test }) => test) ?? []
  // One that mirrors a source may start it as a program, and not import it.
  const own = [...tests.keys()].filter((test) => mirrored(test, sources) === source)
  const first = own.length > 0 ? own : nearest
  const second = ofFloor.map(({ test }) => test).filter((test) => !first.includes(test))
  return [first, second].filter((round) => round.length > 0)
}
