import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { manyMounts } from '../fixtures/mountinfo.js'
import { installed, spawnLine, temporary } from '../helpers/run.ts'

const program = installed()
const rounds = 3

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

t.test('four times the mounts take about four times as long, and not sixteen', async (t) => {
  const trees = [treeOf(1), treeOf(750), treeOf(3000)]
  const times = Array.from({ length: rounds }, () => trees.map(secondsOf))
  const [one = 0, some = 0, many = 0] = trees.map((_, index) =>
    leastOf(times.map((round) => round[index] ?? 0)),
  )
  const said = `${one.toFixed(3)}, ${some.toFixed(3)} and ${many.toFixed(3)} s of a processor`
  t.ok(some > one, `they were read: ${said}`)
  t.ok(many - one < 8 * (some - one), said)
})

t.test('all of them are shown', async (t) => {
  const { stdout, stderr, status } = spawnLine('"$@" | wc -l', program, [
    ...['mounts', '-n', '--sysroot', treeOf(5000)],
  ])
  t.strictSame({ stdout: stdout.trim(), stderr, status }, { stdout: '5000', stderr: '', status: 0 })
})
