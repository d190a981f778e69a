import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const isRoot = process.getuid?.() === 0

/** What became of the tests: all passed, one failed, or their time was over. */
export type Verdict = 'passed' | 'failed' | 'late'

export interface Trial {
  readonly verdict: Verdict
  readonly seconds: number
  /** The first failure, as TAP tells it. */
  readonly failure: string
}

/**
 * A mutant may write wherever its paths lead: as root it runs as nobody, who sees the checkout in a
 * place that everybody can read. Tests that build programs of the sources find the mutant there.
 */
const withoutRights = ({ top, seen, mutant }: Room, file?: string): readonly string[] => {
  const binds = [[top, seen], ...(file === undefined ? [] : [[mutant, join(seen, file)]])]
  const mounts = binds.map(() => 'mount --bind "$1" "$2" && shift 2 && ').join('')
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all']
  const shell = ['sh', '-c', `${mounts}exec "$@"`, 'sh', ...binds.flat()]
  return ['unshare', '--mount', ...shell, 'setpriv', ...nobody]
}

/** Memory of a mutant that never stops to take some, in MiB. */
const mostMemory = 1024

/** Where tests run, and where they see the checkout. */
export interface Room {
  readonly top: string
  readonly seen: string
  /** Where the text of the file that is mutated lies, and the bundle of the tests. */
  readonly mutant: string
  readonly bundle: string
  readonly cwd: string
}

/** What the tests themselves started belongs to their group and ends with it. */
const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs the bundle of a room until the first failure, or until its seconds are over; `file` is the
 * one that is mutated.
 */
export const tryTests = (room: Room, limit: number, file?: string): Promise<Trial> =>
  new Promise((resolve, reject) => {
    const { bundle, cwd } = room
    const under = isRoot ? withoutRights(room, file) : []
    const line = [...under, process.execPath, `--max-old-space-size=${mostMemory}`, bundle]
    const [program = '', ...words] = line
    const environment = {
      PATH: process.env.PATH,
      TAP_BAIL: '1',
      TAP_TIMEOUT: `${limit}`,
      TMPDIR: cwd,
      HOME: cwd,
    }
    const began = performance.now()
    const child = spawn(program, words, {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let said = ''
    let late = false
    const end = () => endGroup(child.pid)
    // Before their directory is removed, which listens there since earlier.
    process.prependOnceListener('exit', end)
    const timer = setTimeout(() => {
      late = true
      end()
    }, limit * 1000)
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        if (said.length < 1e6) said += data
      })
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      process.removeListener('exit', end)
      end()
      resolve({
        verdict: late ? 'late' : status === 0 ? 'passed' : 'failed',
        seconds: (performance.now() - began) / 1000,
        failure: / *not ok .*/.exec(said)?.[0].trim() ?? said.slice(-500),
      })
    })
  })
