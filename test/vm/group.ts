import { readdirSync, readFileSync } from 'node:fs'

const signalGroup = (group: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-group, signal)
  } catch {
    // Nobody is left in it.
  }
}

/** Whether a process of a group still runs; those that nobody has reaped do not. */
const groupRuns = (group: number): boolean =>
  readdirSync('/proc').some((name) => {
    if (!/^\d/.test(name)) return false
    try {
      const [, state, of] =
        / (\S) \d+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\)/s, '')) ??
        []
      return Number(of) === group && state !== 'Z'
    } catch {
      // It has ended meanwhile.
      return false
    }
  })

/** Milliseconds for ending as one likes. */
const patience = 3000
const pause = () => new Promise((done) => setTimeout(done, 20))

/** Ends every process of a group and waits for them, since they use the files of the run. */
export const endGroup = async (group: number): Promise<void> => {
  const started = performance.now()
  signalGroup(group, 'SIGTERM')
  while (groupRuns(group)) {
    if (performance.now() - started > patience) signalGroup(group, 'SIGKILL')
    await pause()
  }
}
