// Counts the share of a processor that `watch` takes at an interval of 2 s on 8 nodes with 4 sizes of
// pages, drawn on a terminal and printed into a pipe: at most 1 %, which is 20 ms for a look. At
// shorter intervals a look costs less, as caches keep what it needs; so it is waited for.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { manyNodes, writeTree } from '../fixtures/synthesise.js'
import { compile } from './compile.js'

const rounds = 3
const looks = 10
/** Seconds between two looks. */
const interval = 2
/** Percent of a processor. */
const most = 1

const program = join(import.meta.dirname, '../../bin/hugepool.js')

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const run = promisify(execFile)

/** The processor time of a program in seconds. Its words about what did not come true are left out. */
const processorTime = async (spent, words) => {
  const running = run(spent, words)
  running.child.stdin.end()
  return Number((await running).stdout.split(' ')[1]) / 1_000_000
}

/** The words of a watch that never sees what it waits for, so that it looks this often after the first. */
const watchFor = (tree, after) => [
  ...[program, 'watch', '--per-node', '--sysroot', tree, '--interval', `${interval}s`],
  ...['--until', '2M.total==1', '--timeout', `${after * interval}s`],
]

const ways = {
  'printed into a pipe': (words) => [process.execPath, ...words],
  'drawn on a terminal': (words) => {
    const line = [process.execPath, ...words].join(' ')
    return ['/usr/bin/script', '-qec', `TERM=xterm exec ${line}`, '/dev/null']
  },
}

/** The share of a processor after the first look, in percent. */
const shareOf = async (spent, tree, under) => {
  const first = await processorTime(spent, under(watchFor(tree, 0)))
  const all = await processorTime(spent, under(watchFor(tree, looks)))
  return ((all - first) / (looks * interval)) * 100
}

const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
try {
  const tree = mkdtempSync(join(directory, 'tree-'))
  writeTree(tree, manyNodes(8))
  const spent = compile('spent', directory)
  const found = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    await Promise.all(
      Object.entries(ways).map(async ([name, under]) => {
        found[name].push(await shareOf(spent, tree, under))
      }),
    )
  const verdicts = Object.entries(found).map(([name, shares]) => {
    const share = median(shares)
    const verdict = share <= most ? 'ok' : 'TOO SLOW'
    const label = `percent of a processor for a watch ${name}`
    process.stdout.write(
      `${label.padEnd(56)}  ${share.toFixed(2).padStart(6)}  <= ${most.toFixed(2)}  ${verdict}\n`,
    )
    return share <= most
  })
  process.exitCode = verdicts.every(Boolean) ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
