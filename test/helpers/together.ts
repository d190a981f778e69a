import { accessSync, constants, readdirSync, readFileSync } from 'node:fs'
import tap, { type Test } from 'tap'

/*
 * The test files of a folder, one after the other in one process: starting tap takes a process longer
 * than most files take. The load hook gives each of them, for `tap`, the subtest that bears its name.
 */

const top = new URL('../..', import.meta.url)

let current: Test = tap

// biome-ignore lint/style/noDefaultExport: it stands for tap, whose default export is the test.
export { current as default }

export const namesIn = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()

/** Every second file of a folder, from the first (0) or the second (1) on: two processes have all of them. */
export const everySecond = (folder: string, first: 0 | 1): readonly string[] =>
  namesIn(folder).filter((_, at) => at % 2 === first)

/** What each file has by itself, in milliseconds, unless it waits for a process and for nothing else. */
const timeout = 300_000

/** What all have together, in milliseconds: tap's runner hears of it, and ends what still waits then. */
const wholeTime = 900_000

const inMemory = '/dev/shm'

/** Whether files can be made there, and programs among them be run. */
const isUsable = (directory: string): boolean => {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK)
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
    return mounts.some((line) => line.includes(` ${directory} tmpfs `) && !line.includes('noexec'))
  } catch {
    return false
  }
}

// Directories come and go there twenty times as fast as on a disk; tests make thousands of them.
if (process.env.TMPDIR === undefined && isUsable(inMemory)) process.env.TMPDIR = inMemory

export const runTogether = async (folder: string, names = namesIn(folder)): Promise<void> => {
  tap.setTimeout(wholeTime)
  for (const name of names)
    await tap.test(`${folder}/${name}`, { timeout }, async (t) => {
      current = t
      await import(`${new URL(`${folder}/${name}`, top).href}?together`)
    })
}
