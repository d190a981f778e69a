import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTurn, type Mutant } from './choice.ts'
import { compilerOf } from './compiler.ts'
import { type Equivalent, isEquivalent, outdated } from './equivalent.ts'
import { type Judged, judgeAll, type Task } from './judge.ts'
import { distancesFrom, importsBelow, testsOf } from './mirrors.ts'
import { lineOf, mutated, wordsOf } from './mutators.ts'
import { changedSince, mutantsOf, sourcesOf, unitTestsOf } from './sources.ts'
import type { Typed } from './typed.ts'

/** What a run needs to know of its surroundings. */
export interface Surroundings {
  /** The checkout whose sources are mutated. */
  readonly top: string
  readonly equivalents: readonly Equivalent[]
  readonly out: (text: string) => void
}

/** Mutants from the front of a queue up to the second one of a file: one compilation judges them. */
const batchOf = (queue: Mutant[]): readonly Mutant[] => {
  const files = new Set<string>()
  const second = queue.findIndex(({ file }) => files.size === files.add(file).size)
  return queue.splice(0, second < 0 ? queue.length : second)
}

/** The first mutants that compile. */
const standing = (top: string, mutants: readonly Mutant[], count: number): readonly Mutant[] => {
  const refusedOf = compilerOf(top)
  const queue = [...mutants]
  const chosen: Mutant[] = []
  while (chosen.length < count && queue.length > 0) {
    const batch = batchOf(queue)
    const refused = refusedOf(
      new Map(batch.map(({ file, source, mutation }) => [file, mutated(source, mutation)])),
    )
    chosen.push(...batch.filter(({ file }) => !refused.has(file)))
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

const chosenOf = ({ top, equivalents }: Surroundings, typed: Typed): readonly Mutant[] => {
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

const tasksOf = async (top: string, mutants: readonly Mutant[]): Promise<readonly Task[]> => {
  const tests = unitTestsOf(top)
  const imports = await importsBelow(top, tests)
  const distances = new Map(tests.map((test) => [test, distancesFrom(imports, test)]))
  const sources = sourcesOf(top)
  return mutants.map((mutant) => ({ mutant, rounds: testsOf(mutant.file, sources, distances) }))
}

const words = { failed: 'noticed ', late: 'late    ', passed: 'survived' } as const

const lineFor = ({ mutant, trial }: Judged): string => {
  const { file, source, mutation } = mutant
  const place = `${file}:${lineOf(source, mutation).line}`
  return `${words[trial.verdict]}  ${place}  ${wordsOf(source, mutation)}\n`
}

/** The words and the status that a run ends with. */
const summary = (judged: readonly Judged[], least: number) => {
  const of = (verdict: string) => judged.filter(({ trial }) => trial.verdict === verdict).length
  const files = new Set(judged.map(({ mutant }) => mutant.file)).size
  const score = 100 - (of('passed') * 100) / Math.max(1, judged.length)
  return {
    text:
      `${judged.length} mutations of ${files} files: ${of('failed')} noticed, ` +
      `${of('late')} ran out of time, ${of('passed')} survived\n` +
      `score ${score.toFixed(1)}%, at least ${least}% is needed\n`,
    status: score >= least ? 0 : 1,
  }
}

/** Tries mutations and says which survive; the status is 1 where too few were noticed. */
export const scoreOf = async (around: Surroundings, typed: Typed): Promise<number> => {
  const { top, out } = around
  const tasks = await tasksOf(top, chosenOf(around, typed))
  const directory = mkdtempSync(join(tmpdir(), 'hugepool-mutation-'))
  // Who runs the mutants has no rights but those of everybody.
  chmodSync(directory, 0o755)
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 20 })
  process.once('exit', remove)
  try {
    const judged = await judgeAll(top, directory, tasks, availableParallelism(), (one) => {
      if (typed.all || one.trial.verdict === 'passed') out(lineFor(one))
    })
    const { text, status } = summary(judged, typed.least)
    out(text)
    return status
  } finally {
    process.removeListener('exit', remove)
    remove()
  }
}
