// Times whole processes against bare `node -e 0` of the same run, so that figures of different
// machines can be compared. The rounds are interleaved: a machine that slows down slows all.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manyNodes, writeTree } from '../fixtures/synthesise.js'

const rounds = 25
const top = join(import.meta.dirname, '../..')
const program = join(top, 'bin/hugepool.js')
const oneNode = join(top, 'test/fixtures/trees/one-node')

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const run = (args) => {
  const started = process.hrtime.bigint()
  const { status, stderr } = spawnSync(process.execPath, args)
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6
  if (status !== 0) throw new Error(`${args.join(' ')}: exit ${status}: ${stderr}`)
  return milliseconds
}

/** Largest resident memory in kilobytes: VmHWM, read by the process itself as it ends. */
const peak = (args) => {
  const report =
    "process.on('exit',()=>require('fs').writeSync(3,require('fs').readFileSync('/proc/self/status','latin1').match(/VmHWM:\\s+(\\d+)/)[1]))"
  const hook = `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('/');${report}`
  const { output } = spawnSync(process.execPath, ['--import', hook, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  return Number(output[3].toString())
}

const cases = (manyNodesTree) => [
  { name: 'list', args: [program, 'list', '--sysroot', oneNode], most: 1.6 },
  { name: 'list --json', args: [program, 'list', '--json', '--sysroot', oneNode], most: 1.6 },
  {
    name: 'list --per-node, 64 nodes, 4 sizes',
    args: [program, 'list', '--per-node', '--sysroot', manyNodesTree],
    most: 2.0,
  },
  {
    name: 'resize that changes nothing',
    args: [program, 'resize', '2M=100', '--sysroot', oneNode],
  },
  { name: '--help', args: [program, '--help'], most: 1.7 },
]

const baseline = ['-e', '0']

const measure = (all) => {
  const times = new Map([['node', []], ...all.map(({ name }) => [name, []])])
  for (let round = -2; round < rounds; round += 1) {
    for (const { name, args } of [{ name: 'node', args: baseline }, ...all]) {
      const milliseconds = run(args)
      // The first rounds only warm the caches.
      if (round >= 0) times.get(name).push(milliseconds)
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]))
}

const verdict = (ratio, most) => (most === undefined ? '' : ratio <= most ? 'ok' : 'TOO SLOW')

const line = (name, figure, ratio, most) => {
  const limit = most === undefined ? '-' : `<= ${most.toFixed(1)}`
  const cells = [name.padEnd(36), figure.padStart(10), ratio.toFixed(2).padStart(7)]
  process.stdout.write(`${cells.join('  ')}  ${limit.padStart(7)}  ${verdict(ratio, most)}\n`)
  return most === undefined || ratio <= most
}

const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
try {
  writeTree(directory, manyNodes(64))
  const all = cases(directory)
  const medians = measure(all)
  const base = medians.get('node')
  const version = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim()
  process.stdout.write(`medians of ${rounds} interleaved runs, node ${version}\n`)
  line('node -e 0', `${base.toFixed(1)} ms`, 1)
  const fast = all.map(({ name, most }) =>
    line(name, `${medians.get(name).toFixed(1)} ms`, medians.get(name) / base, most),
  )
  const memory = median([1, 2, 3, 4, 5].map(() => peak(all[0].args)))
  const bareMemory = median([1, 2, 3, 4, 5].map(() => peak(baseline)))
  const small = line(
    'peak memory of list',
    `${(memory / 1024).toFixed(1)} MiB`,
    memory / bareMemory,
    1.4,
  )
  process.exitCode = small && fast.every(Boolean) ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
