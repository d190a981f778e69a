// Times the program that is one file, which npm run dist made, against `node -e 0` of the Node that it is
// made of, and against the package with the same Node and code caches of it. Only the ratios of runs
// that follow each other count.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { compile } from './compile.js'

const pairs = 25
const top = join(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
const oneFile = join(top, `release/hugepool-${version}-linux-${process.arch}`)
const node = execFileSync('sh', [join(top, 'bin/one-file/node.sh'), process.arch], {
  encoding: 'utf8',
}).trim()
const words = ['list', '--sysroot', join(top, 'test/fixtures/trees/one-node')]

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Wall-clock and processor time in microseconds and memory in KiB of one run. */
const measured = (spent, line) => {
  const [wall, cpu, memory] = execFileSync(spent, line, { encoding: 'utf8' }).split(' ').map(Number)
  return { wall, cpu, memory }
}

/** Runs all lines in turn, and backwards in every second round. */
const measure = (spent, lines) => {
  const found = []
  // The first rounds only warm the caches.
  for (let round = -2; round < pairs; round += 1) {
    const order = Object.entries(lines)
    if (round % 2 !== 0) order.reverse()
    const runs = Object.fromEntries(order.map(([name, line]) => [name, measured(spent, line)]))
    if (round >= 0) found.push(runs)
  }
  return found
}

/** The package as it is installed, with code caches of a Node. */
const packageFor = (directory, node) => {
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(top, name), join(directory, name), { recursive: true })
  const dist = join(directory, 'dist')
  const write = `import('${top}/bin/build/caches.mjs').then((each) => each.makeCaches('${dist}'))`
  execFileSync(node, ['-e', write])
  return join(directory, 'bin/hugepool.js')
}

/**
 * A copy, written in pieces as bin/one-file/make.mjs writes. How a file was written, and read again since,
 * makes its pieces in the kernel's cache larger or smaller; of larger ones more counts as memory and fewer
 * fault, which is a tenth of the time. So both programs are copied, one after the other.
 */
const copied = async (program, directory, name) => {
  const file = join(directory, name)
  await pipeline(createReadStream(program), createWriteStream(file, { mode: 0o755 }))
  return file
}

const keys = ['wall', 'cpu', 'memory']
const rows = [
  { name: 'the one file: node -e 0', of: ['one', 'bare'], most: [1.1, 1.05, 1.01] },
  {
    name: 'the package: node -e 0',
    of: ['packaged', 'bare'],
    most: [Infinity, Infinity, Infinity],
  },
  { name: 'the one file: the package', of: ['one', 'packaged'], most: [1, 1, 1] },
]

const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
try {
  const bare = await copied(node, directory, 'node')
  const one = await copied(oneFile, directory, 'hugepool')
  const found = measure(compile('spent', directory), {
    bare: [bare, '-e', '0'],
    one: [one, ...words],
    packaged: [bare, packageFor(directory, bare), ...words],
  })
  process.stdout.write(`list: medians of ${pairs} rounds\n`)
  process.stdout.write(`${''.padEnd(30)}${keys.map((key) => key.padStart(8)).join('')}\n`)
  for (const {
    name,
    of: [one, other],
    most,
  } of rows) {
    const ratios = keys.map((key) => median(found.map((runs) => runs[one][key] / runs[other][key])))
    const ok = ratios.every((ratio, index) => ratio <= most[index])
    const cells = ratios.map((ratio) => ratio.toFixed(2).padStart(8)).join('')
    process.stdout.write(`${name.padEnd(30)}${cells}  ${ok ? 'ok' : 'TOO MUCH'}\n`)
    if (!ok) process.exitCode = 1
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
