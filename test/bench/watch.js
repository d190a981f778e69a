// Counts the processor time of one look of `watch` on 8 nodes with 4 sizes of pages, drawn on a terminal
// and printed into a pipe, against that of bare `node -e 0`, so that figures of different machines can
// be compared. At an interval of 2 s, 1 % of a processor is 20 ms for a look, which is about half of
// what Node takes to start.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manyNodes, writeTree } from '../fixtures/synthesise.js'
import { compile } from './compile.js'

const rounds = 7
const looks = 30
const most = 0.4

const program = join(import.meta.dirname, '../../bin/hugepool.js')

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Its words about what did not come true are left out. */
const quiet = { encoding: 'utf8', input: '', stdio: ['pipe', 'pipe', 'ignore'] }

/** The processor time of a program in microseconds. */
const processorTime = (spent, words) => Number(execFileSync(spent, words, quiet).split(' ')[1])

/** The words of a watch that never sees what it waits for, so that it looks this often after the first. */
const watchFor = (tree, after) => [
  ...[program, 'watch', '--per-node', '--sysroot', tree, '--interval', '100ms'],
  ...['--until', '2M.total==1', '--timeout', `${after * 100}ms`],
]

const ways = {
  'printed into a pipe': (words) => [process.execPath, ...words],
  'drawn on a terminal': (words) => {
    const line = [process.execPath, ...words].join(' ')
    return ['/usr/bin/script', '-qec', `TERM=xterm exec ${line}`, '/dev/null']
  },
}

const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
try {
  const tree = mkdtempSync(join(directory, 'tree-'))
  writeTree(tree, manyNodes(8))
  const spent = compile('spent', directory)
  const verdicts = Object.entries(ways).map(([name, under]) => {
    const ratios = Array.from({ length: rounds }, () => {
      const first = processorTime(spent, under(watchFor(tree, 0)))
      const all = processorTime(spent, under(watchFor(tree, looks)))
      return (all - first) / looks / processorTime(spent, [process.execPath, '-e', '0'])
    })
    const ratio = median(ratios)
    const verdict = ratio <= most ? 'ok' : 'TOO SLOW'
    const label = `a look of watch ${name}`
    process.stdout.write(
      `${label.padEnd(44)}  ${ratio.toFixed(2).padStart(6)}  <= ${most.toFixed(2)}  ${verdict}\n`,
    )
    return ratio <= most
  })
  process.exitCode = verdicts.every(Boolean) ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
