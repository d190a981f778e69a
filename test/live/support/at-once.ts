import { hugepool, hugepoolLine, run } from './program.ts'

/** A list of the pools, by a process of its own or as tests run commands: what others are measured by. */
export const listByProcess = () => run([...hugepoolLine, 'list'])
export const listHere = () => hugepool('list')

/** How many lists may pass while something happens at once. */
const mostLists = 10

const mostTries = 4

const timeOf = async (action: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await action()
  return performance.now() - started
}

/**
 * Whether something that takes so many milliseconds happens at once: in less than ten lists take on
 * this machine. The shortest of several tries counts, because what else goes on here only adds to
 * each. `beyond` are milliseconds that it has to wait for.
 */
export const atOnce = async (
  list: () => Promise<unknown>,
  once: () => Promise<number>,
  beyond = 0,
): Promise<{ readonly isAtOnce: boolean; readonly words: string }> => {
  const allowed = beyond + mostLists * (await timeOf(list))
  let took = await once()
  for (let tries = 1; tries < mostTries && took >= allowed; tries += 1)
    took = Math.min(took, await once())
  return { isAtOnce: took < allowed, words: `${took} of ${allowed} ms` }
}
