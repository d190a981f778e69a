import { readFileSync } from 'node:fs'
import { atEnd } from './live.ts'
import { smallest } from './machine.ts'
import { type Running, run, start, until } from './program.ts'
import { temporaryDirectory } from './trace.ts'

/** Mounts without hugepool; whatever is there is taken off again at the end of the test. */
export const mountOn = async (
  directory: string,
  options = `pagesize=${smallest}`,
  type = 'hugetlbfs',
): Promise<string> => {
  const { status, err } = await run(['mount', '-t', type, '-o', options, 'none', directory])
  if (status !== 0) throw new Error(`mount ${options}: ${err}`)
  atEnd(async () => {
    await run(['umount', '-l', directory])
  })
  return directory
}

/** Mounts a hugetlbfs of the smallest pages on a new directory. */
export const mounted = (options = ''): Promise<string> =>
  mountOn(temporaryDirectory(), `pagesize=${smallest}${options}`)

/** How many mounts there are on a directory. */
export const mountsOn = (directory: string): number =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.split(' ')[4] === directory).length

/** Starts what ends as `sleep`, once it is that. */
export const sleeping = async (line: readonly string[], cwd?: string): Promise<Running> => {
  const running = start([...line, 'sleep', '600'], cwd)
  const name = `/proc/${running.child.pid}/comm`
  await until('sleep', () => readFileSync(name, 'utf8') === 'sleep\n')
  return running
}

export const stop = async ({ child, result }: Running): Promise<void> => {
  child.kill('SIGKILL')
  await result
}
