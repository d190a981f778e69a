import { spawn } from 'node:child_process'

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
 * place that everybody can read.
 */
const withoutRights = (top: string, seen: string): readonly string[] => {
  const bind = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all']
  return ['unshare', '--mount', 'sh', '-c', bind, 'sh', top, seen, 'setpriv', ...nobody]
}

/** Memory of a mutant that never stops to take some, in MiB. */
const mostMemory = 1024

/** Where tests run, and where they see the checkout. */
export interface Room {
  readonly top: string
  readonly seen: string
  readonly bundle: string
  readonly cwd: string
}

/** Runs the bundle of a room until the first failure, or until its seconds are over. */
export const tryTests = ({ top, seen, bundle, cwd }: Room, limit: number): Promise<Trial> =>
  new Promise((resolve, reject) => {
    const under = isRoot ? withoutRights(top, seen) : []
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
    // What the tests themselves started belongs to the group and ends with it.
    const end = () => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL')
      } catch {
        // The group is gone already.
      }
    }
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
      end()
      resolve({
        verdict: late ? 'late' : status === 0 ? 'passed' : 'failed',
        seconds: (performance.now() - began) / 1000,
        failure: / *not ok .*/.exec(said)?.[0].trim() ?? said.slice(-500),
      })
    })
  })
