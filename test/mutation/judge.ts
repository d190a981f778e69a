import { chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleTap, bundleTests } from './bundle.ts'
import type { Mutant } from './choice.ts'
import { mutated } from './mutators.ts'
import { isRoot, type Room, type Trial, tryTests } from './trial.ts'

/** What the tests said of a mutant. */
export interface Judged {
  readonly mutant: Mutant
  readonly trial: Trial
}

/** Seconds of a run without a mutation that pass or fail all of it: other programs may run. */
const mostSeconds = 300

/** How much longer than without a mutation the tests may take before they count as stuck. */
const patience = { times: 5, seconds: 10 }

const nobody = 65534

/** A directory where bundles find the packages of the checkout, and tests may write. */
const roomIn = (top: string, directory: string, name: number): Room => {
  const path = join(directory, `${name}`)
  const [cwd, place] = [join(path, 'work'), join(path, 'checkout')]
  for (const folder of [cwd, place]) mkdirSync(folder, { recursive: true })
  if (isRoot) chownSync(cwd, nobody, nobody)
  const seen = isRoot ? place : top
  symlinkSync(join(seen, 'node_modules'), join(path, 'node_modules'))
  return {
    top,
    seen,
    cwd,
    bundle: join(path, 'tests.mjs'),
    mutant: join(path, 'mutant.ts'),
  }
}

export interface Task {
  readonly mutant: Mutant
  /** Tests that run one after the other until some notice the mutation. */
  readonly rounds: readonly (readonly string[])[]
}

/** Runs tests in a room, with a mutant or with none. */
const trialIn = async (
  room: Room,
  { mutant, tests }: { mutant?: Mutant; tests: readonly string[] },
  limit: number,
): Promise<Trial> => {
  const text = mutant && mutated(mutant.source, mutant.mutation)
  if (text !== undefined) writeFileSync(room.mutant, text)
  const replaced = mutant && { [mutant.file]: text ?? '' }
  await bundleTests(room, tests, replaced ?? {})
  return tryTests(room, limit, mutant?.file)
}

/** Judges all mutants, so many at once; the tests of each have to pass without it first. */
export const judgeAll = async (
  top: string,
  directory: string,
  tasks: readonly Task[],
  atOnce: number,
  tell: (judged: Judged) => void,
): Promise<readonly Judged[]> => {
  const queue = [...tasks]
  const judged: Judged[] = []
  const usual = new Map<string, Promise<Trial>>()
  const usualTrial = (room: Room, tests: readonly string[]): Promise<Trial> => {
    const key = tests.join()
    const known = usual.get(key) ?? trialIn(room, { tests }, mostSeconds)
    usual.set(key, known)
    return known
  }
  const judge = async (room: Room, mutant: Mutant, tests: readonly string[]): Promise<Trial> => {
    const { verdict, seconds, failure } = await usualTrial(room, tests)
    if (verdict !== 'passed')
      throw new Error(`without a mutation ${tests.join(' ')} ${verdict}: ${failure}`)
    return trialIn(room, { mutant, tests }, seconds * patience.times + patience.seconds)
  }
  const work = async (room: Room): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      let trial: Trial = { verdict: 'passed', seconds: 0, failure: '' }
      for (const tests of task.rounds)
        if (trial.verdict === 'passed') trial = await judge(room, task.mutant, tests)
      const done = { mutant: task.mutant, trial }
      judged.push(done)
      tell(done)
    }
  }
  const rooms = Array.from({ length: Math.min(atOnce, tasks.length) }, (_, index) =>
    roomIn(top, directory, index),
  )
  await Promise.all(rooms.map(bundleTap))
  // Tests of the other rooms write there until they end.
  const ended = await Promise.allSettled(
    rooms.map((room) =>
      work(room).catch((error) => {
        queue.length = 0
        throw error
      }),
    ),
  )
  const failed = ended.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
  return judged
}
