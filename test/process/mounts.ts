import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { manyMounts } from '../fixtures/mountinfo.js'
import { installed, spawnLine, temporary } from '../helpers/run.ts'

const program = installed(t)
const rounds = 5

const treeOf = (count: number): string => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'proc/self'), { recursive: true })
  writeFileSync(join(directory, 'proc/self/mountinfo'), manyMounts(count))
  return directory
}

/** Seconds of a processor, as times of sh tells those of its children: `0m0.210000s 0m0.030000s`. */
const secondsOf = (sysroot: string): number => {
  const { stdout, status } = spawnLine('"$@" >/dev/null && times', program, [
    ...['mounts', '--sysroot', sysroot],
  ])
  if (status !== 0) throw new Error(`ended with ${status}`)
  const [, children = ''] = stdout.trim().split('\n')
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}

/** What else a machine does only ever adds to a time. */
const leastOf = (numbers: readonly number[]): number => Math.min(...numbers)

t.test('5,000 mounts take less than six times what one takes', async (t) => {
  const [one, many] = [treeOf(1), treeOf(5000)]
  const times = Array.from({ length: rounds }, () => [secondsOf(one), secondsOf(many)] as const)
  const [least, most] = [
    leastOf(times.map(([each]) => each)),
    leastOf(times.map(([, each]) => each)),
  ]
  t.ok(most < 6 * least, `${most.toFixed(3)} s of a processor, and ${least.toFixed(3)} s for one`)
  t.ok(most > least, 'they were read')
})

t.test('all of them are shown', async (t) => {
  const { stdout, stderr, status } = spawnLine('"$@" | wc -l', program, [
    ...['mounts', '-n', '--sysroot', treeOf(5000)],
  ])
  t.strictSame({ stdout: stdout.trim(), stderr, status }, { stdout: '5000', stderr: '', status: 0 })
})
