// Times whole processes against bare `node -e 0`, so that figures of different machines can be
// compared: each run is followed by one of node, and only the ratios of such pairs count, for a machine
// that wavers slows down both.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manyNodes, writeTree } from '../fixtures/synthesise.js'
import { compile } from './compile.js'

const pairs = 25
const top = join(import.meta.dirname, '../..')
const program = join(top, 'bin/hugepool.js')
const oneNode = ['--sysroot', join(top, 'test/fixtures/trees/one-node')]

const cases = (manyNodesTree) => [
  { name: 'list', words: ['list', ...oneNode], most: 1.3 },
  { name: 'list --json', words: ['list', '--json', ...oneNode], most: 1.3 },
  { name: 'resize that changes nothing', words: ['resize', '2M=100', ...oneNode], most: 1.4 },
  { name: '--help', words: ['--help'], most: 1.35 },
  { name: 'completion of a word', words: ['__complete', 'resize', '2'], most: 1.35 },
  {
    name: 'list --per-node, 64 nodes, 4 sizes',
    words: ['list', '--per-node', '--sysroot', manyNodesTree],
    most: 1.7,
  },
]

const mostMemory = 1.3

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Wall-clock and processor time in microseconds and memory in KiB of one run of node. */
const measured = (spent, words) => {
  const text = execFileSync(spent, [process.execPath, ...words], { encoding: 'utf8' })
  const [wall, cpu, memory] = text.split(' ').map(Number)
  return { wall, cpu, memory }
}

/** Every case in turn with node, whichever comes first being by turns the other. */
const measure = (spent, all) => {
  const found = all.map(() => [])
  // The first rounds only warm the caches.
  for (let round = -2; round < pairs; round += 1)
    for (const [index, { words }] of all.entries()) {
      const runs = { one: [program, ...words], node: ['-e', '0'] }
      const order = round % 2 === 0 ? ['one', 'node'] : ['node', 'one']
      const pair = Object.fromEntries(order.map((name) => [name, measured(spent, runs[name])]))
      if (round >= 0) found[index].push(pair)
    }
  return found
}

const ratio = (list, key) => median(list.map(({ one, node }) => one[key] / node[key]))

const line = (name, figures, most) => {
  const ok = figures.every((figure) => figure <= most)
  const cells = [name.padEnd(36), ...figures.map((figure) => figure.toFixed(2).padStart(6))]
  const verdict = ok ? 'ok' : 'TOO SLOW'
  process.stdout.write(`${cells.join('  ').padEnd(52)}  <= ${most.toFixed(2)}  ${verdict}\n`)
  return ok
}

const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
try {
  const tree = mkdtempSync(join(directory, 'tree-'))
  writeTree(tree, manyNodes(64))
  const all = cases(tree)
  const found = measure(compile('spent', directory), all)
  const node = median(found.flat().map(({ node }) => node.wall)) / 1000
  process.stdout.write(`medians of ${pairs} pairs with node -e 0, node ${process.version}\n`)
  process.stdout.write(`${`node -e 0 takes ${node.toFixed(1)} ms`.padEnd(38)}  wall     CPU\n`)
  const fast = all.map(({ name, most }, index) =>
    line(name, [ratio(found[index], 'wall'), ratio(found[index], 'cpu')], most),
  )
  const small = line('peak memory of list', [ratio(found[0], 'memory')], mostMemory)
  process.exitCode = small && fast.every(Boolean) ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
