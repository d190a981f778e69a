import { poolsSeen } from './look.ts'
import { faultsOf, sampleOf } from './plan.ts'
import { findingText, summary } from './report.ts'
import { type Scene, scenes } from './scenes.ts'
import { leave, lineOf, type Played, play, type Tried, tryFault } from './trial.ts'
import { parseTyped, usage } from './typed.ts'

/*
 * Runs commands under strace(1), each once for every system call that it makes, with that call made to
 * fail, held up or ended by a kill. judge.ts says what has to hold after each run, plan.ts which calls
 * fail how, scenes.ts where they begin.
 */

const say = (text: string): void => {
  process.stdout.write(text)
}

/** The scenes of the commands that were named, or all. */
const meant = (names: readonly string[]): readonly Scene[] =>
  names.length === 0
    ? scenes
    : scenes.filter(({ name, words }) => names.includes(name) || names.includes(words[0] ?? ''))

const tryAll = (names: readonly string[], count: number | undefined, seed: number): number => {
  const started = performance.now()
  const played = new Map<string, Played>(meant(names).map((scene) => [scene.name, play(scene)]))
  const all = [...played].flatMap(([name, { points, scene }]) =>
    faultsOf(name, points).map((fault) => (scene.noJson ? { ...fault, json: false } : fault)),
  )
  const faults = count === undefined ? all : sampleOf(all, count, seed)
  say(`faults: ${faults.length} of ${all.length}, seed ${seed}\n`)
  const tried: Tried[] = []
  for (const fault of faults) {
    const scene = played.get(fault.scene)
    if (scene === undefined) continue
    const one = tryFault(scene, fault)
    tried.push(one)
    for (const finding of one.findings) say(findingText(fault, finding, lineOf(scene.scene, fault)))
  }
  say(summary(tried, (performance.now() - started) / 1000))
  return tried.some(({ findings }) => findings.length > 0) ? 1 : 0
}

const before = poolsSeen()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(130))
try {
  const typed = parseTyped(process.argv.slice(2))
  if (typed.help) say(usage)
  else
    try {
      process.exitCode = tryAll(typed.names, typed.count, typed.seed)
    } finally {
      leave(before)
    }
} catch (error) {
  process.stderr.write(`test:faults: ${(error as Error).message}\n`)
  process.exitCode = 2
}
