import { poolsSeen } from './look.ts'
import { allFaultsOf, sampleOf } from './plan.ts'
import { findingText, summary } from './report.ts'
import { type Scene, scenes } from './scenes.ts'
import { leave, lineOf, type Played, play, type Tried, tryFault } from './trial.ts'
import { parseTyped, type Typed, usage } from './typed.ts'

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

let isStopped = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    isStopped = true
  })

const tryAll = async ({ names, count, seed, every }: Typed): Promise<number> => {
  const started = performance.now()
  const played = new Map<string, Played>()
  for (const scene of meant(names)) played.set(scene.name, play(scene))
  const recorded = new Map([...played].map(([name, { points }]) => [name, points]))
  const all = allFaultsOf(recorded, every).map((fault) =>
    played.get(fault.scene)?.scene.noJson ? { ...fault, json: false } : fault,
  )
  const faults = count === undefined ? all : sampleOf(all, count, seed)
  say(`faults: ${faults.length} of ${all.length}, seed ${seed}\n`)
  const tried: Tried[] = []
  for (const fault of faults) {
    // Between turns of the event loop a signal is noted, after which the pools are put back.
    await new Promise(setImmediate)
    const scene = played.get(fault.scene)
    if (scene === undefined || isStopped) continue
    const one = tryFault(scene, fault)
    await new Promise(setImmediate)
    // A signal to all of the group has ended the command as well.
    if (isStopped) break
    tried.push(one)
    for (const finding of one.findings) say(findingText(fault, finding, lineOf(scene.scene, fault)))
  }
  say(summary(tried, (performance.now() - started) / 1000))
  return tried.some(({ findings }) => findings.length > 0) ? 1 : 0
}

const before = poolsSeen()
try {
  const typed = parseTyped(process.argv.slice(2))
  if (typed.help) say(usage)
  else
    try {
      process.exitCode = await tryAll(typed)
    } finally {
      leave(before)
    }
} catch (error) {
  process.stderr.write(`test:faults: ${(error as Error).message}\n`)
  process.exitCode = 2
}
