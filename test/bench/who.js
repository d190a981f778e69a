// Times `who` among 4,000 small and 1,000 ordinary processes, of which 20 hold a page of 2M, against a
// program of Node that reads smaps of every process. Each run of the one is followed by one of the
// other, and the median of their ratios counts. It needs root and 20 free pages: it takes them itself,
// and gives them back.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from './compile.js'

const pairs = 5
const holders = 20
const leastTimesFaster = 10
const mostMemory = 1.6

const program = join(import.meta.dirname, '../../bin/hugepool.js')
const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'

const readSmaps = `
const fs = require('node:fs')
let pages = 0
for (const pid of fs.readdirSync('/proc')) {
  if (!/^[1-9]/.test(pid)) continue
  try {
    const text = fs.readFileSync('/proc/' + pid + '/smaps', 'utf8')
    for (const [, kilobytes] of text.matchAll(/^(?:Private|Shared)_Hugetlb: +(\\d+) kB$/gm))
      pages += Number(kilobytes) / 2048
  } catch {}
}
console.log(pages)
`

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Wall-clock and processor time in microseconds and memory in KiB of one run of node. */
const measured = (spent, words) => {
  const text = execFileSync(spent, [process.execPath, ...words], { encoding: 'utf8' })
  const [wall, cpu, memory] = text.split(' ').map(Number)
  return { wall, cpu, memory }
}

const line = (name, figure, bound, ok) =>
  process.stdout.write(
    `${name.padEnd(44)}  ${figure.toFixed(2).padStart(6)}  ${bound}  ${ok ? 'ok' : 'NOT MET'}\n`,
  )

const measure = (spent) => {
  const runs = []
  for (let round = -1; round < pairs; round += 1) {
    const who = measured(spent, [program, 'who', '-q'])
    const smaps = measured(spent, ['-e', readSmaps])
    const bare = measured(spent, ['-e', '0'])
    if (round >= 0) runs.push({ who, smaps, bare })
  }
  const started =
    (key) =>
    ({ who, smaps, bare }) =>
      (smaps[key] - bare[key]) / Math.max(1, who[key] - bare[key])
  const memory = median(runs.map(({ who, bare }) => who.memory / bare.memory))
  return {
    wall: median(runs.map(started('wall'))),
    cpu: median(runs.map(started('cpu'))),
    memory,
  }
}

const waitFor = (child, word) =>
  new Promise((done, fail) => {
    child.once('exit', () => fail(new Error('the processes could not be started')))
    child.stdout.setEncoding('utf8').on('data', (text) => text.includes(word) && done())
  })

const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
const before = readFileSync(pool, 'utf8')
try {
  const spent = compile('spent', directory)
  const many = compile('many-processes', directory)
  writeFileSync(pool, `${Number(before) + holders}`)
  const child = spawn(many, ['4000', '1000', `${holders}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const gone = new Promise((done) => child.once('close', done))
  try {
    await waitFor(child, 'ready')
    const { wall, cpu, memory } = measure(spent)
    line(
      'who, times faster than smaps (wall)',
      wall,
      `>= ${leastTimesFaster}`,
      wall >= leastTimesFaster,
    )
    line(
      'who, times faster than smaps (processor)',
      cpu,
      `>= ${leastTimesFaster}`,
      cpu >= leastTimesFaster,
    )
    line('who, memory against bare node', memory, `<= ${mostMemory}`, memory <= mostMemory)
    process.exitCode = cpu >= leastTimesFaster && memory <= mostMemory ? 0 : 1
  } finally {
    child.stdin.end()
    await gone
  }
} finally {
  writeFileSync(pool, before)
  rmSync(directory, { recursive: true })
}
