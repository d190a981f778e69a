import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTurn, type Mutant } from './choice.ts'
import { compilerOf } from './compiler.ts'
import { equivalents, isEquivalent, outdated } from './equivalent.ts'
import { type Judged, judgeAll } from './judge.ts'
import { distancesFrom, importsBelow, testsOf } from './mirrors.ts'
import { lineOf, mutated, wordsOf } from './mutators.ts'
import { changedSince, mutantsOf, sourcesOf, unitTestsOf } from './sources.ts'
import { parseTyped, type Typed, usage } from './typed.ts'

/** The first mutants that compile; a batch holds one of each file, so that one run judges it. */
const standing = (top: string, mutants: readonly Mutant[], count: number): readonly Mutant[] => {
  const refusedOf = compilerOf(top)
  const chosen: Mutant[] = []
  const waiting = [...mutants]
  while (chosen.length < count && waiting.length > 0) {
    const batch = new Map<string, Mutant>()
    while (waiting[0] !== undefined && !batch.has(waiting[0].file)) {
      const [mutant] = waiting.splice(0, 1) as [Mutant]
      batch.set(mutant.file, mutant)
    }
    const texts = [...batch].map(([file, { source, mutation }]) => [
      file,
      mutated(source, mutation),
    ])
    const refused = refusedOf(new Map(texts as [string, string][]))
    chosen.push(...[...batch.values()].filter(({ file }) => !refused.has(file)))
  }
  return chosen.slice(0, count)
}

const filesOf = (top: string, { files, since }: Typed): readonly string[] => {
  const all = sourcesOf(top)
  const unknown = files.filter((file) => !all.includes(file))
  if (unknown.length > 0) throw new Error(`no source of model, kernel or operations: ${unknown}`)
  const changed = since === undefined ? undefined : changedSince(top, since)
  return all
    .filter((file) => files.length === 0 || files.includes(file))
    .filter((file) => changed?.has(file) ?? true)
}

const placeOf = ({ file, source, mutation }: Mutant): string =>
  `${file}:${lineOf(source, mutation).line}  ${wordsOf(source, mutation)}`

/** One line for every mutant that no test noticed. */
const tell = ({ mutant, trial }: Judged): void => {
  if (trial.verdict === 'passed') process.stdout.write(`survived  ${placeOf(mutant)}\n`)
  else if (process.env.HUGEPOOL_MUTATION_ALL === '1')
    process.stdout.write(`${trial.verdict.padEnd(8)}  ${placeOf(mutant)}\n`)
}

const chosenOf = (top: string, typed: Typed): readonly Mutant[] => {
  const files = filesOf(top, typed)
  const perFile = files.map((file) => mutantsOf(top, file))
  const entries = equivalents.filter(({ file }) => files.includes(file))
  for (const { file, line, mutation } of outdated(entries, perFile.flat()))
    throw new Error(`equivalent.ts: ${file} has no longer '${mutation}' in '${line}'`)
  const other = perFile.map((mutants) =>
    mutants.filter((mutant) => !entries.some(isEquivalent(mutant))),
  )
  return standing(top, inTurn(other, typed.seed), typed.count)
}

const summary = (judged: readonly Judged[], seconds: number, least: number): number => {
  const of = (verdict: string) => judged.filter(({ trial }) => trial.verdict === verdict).length
  const noticed = judged.length - of('passed')
  const score = judged.length === 0 ? 100 : (noticed * 100) / judged.length
  process.stdout.write(
    `${judged.length} mutations of ${new Set(judged.map(({ mutant }) => mutant.file)).size} files: ` +
      `${of('failed')} noticed, ${of('late')} ran out of time, ${of('passed')} survived\n` +
      `score ${score.toFixed(1)}% (at least ${least}%), ${seconds.toFixed(0)} s\n`,
  )
  return score >= least ? 0 : 1
}

const run = async (top: string, typed: Typed): Promise<number> => {
  const began = performance.now()
  const mutants = chosenOf(top, typed)
  const tests = unitTestsOf(top)
  const imports = await importsBelow(top, tests)
  const distances = new Map(tests.map((test) => [test, distancesFrom(imports, test)]))
  const sources = sourcesOf(top)
  const tasks = mutants.map((mutant) => ({
    mutant,
    tests: testsOf(mutant.file, sources, distances),
  }))
  const directory = mkdtempSync(join(tmpdir(), 'hugepool-mutation-'))
  // Who runs the mutants has no rights but those of everybody.
  chmodSync(directory, 0o755)
  try {
    const judged = await judgeAll(top, directory, tasks, availableParallelism(), tell)
    return summary(judged, (performance.now() - began) / 1000, typed.least)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

try {
  process.exitCode = await run(process.cwd(), parseTyped(process.argv.slice(2)))
} catch (error) {
  process.stderr.write(`test:mutation: ${(error as Error).message}\n${usage}`)
  process.exitCode = 2
}
