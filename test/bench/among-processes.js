import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from './compile.js'

const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'

export const program = join(import.meta.dirname, '../../bin/hugepool.js')

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** Wall-clock and processor time in microseconds and memory in KiB of one run of node. */
const measured = (spent, words) => {
  const text = execFileSync(spent, [process.execPath, ...words], { encoding: 'utf8' })
  const [wall, cpu, memory] = text.split(' ').map(Number)
  return { wall, cpu, memory }
}

const waitFor = (child, word) =>
  new Promise((done, fail) => {
    child.once('exit', () => fail(new Error('the processes could not be started')))
    child.stdout.setEncoding('utf8').on('data', (text) => text.includes(word) && done())
  })

/**
 * Starts small and ordinary processes, of which `holders` hold a page of 2M, and calls `use` with a
 * function that measures a run of node. It needs root: it adds the pages, and gives them back.
 */
export const amongProcesses = async ({ small, ordinary, holders }, use) => {
  const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
  const before = readFileSync(pool, 'utf8')
  try {
    const spent = compile('spent', directory)
    const many = compile('many-processes', directory)
    writeFileSync(pool, `${Number(before) + holders}`)
    const child = spawn(many, [`${small}`, `${ordinary}`, `${holders}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    })
    const gone = new Promise((done) => child.once('close', done))
    try {
      await waitFor(child, 'ready')
      use((words) => measured(spent, words))
    } finally {
      child.stdin.end()
      await gone
    }
  } finally {
    writeFileSync(pool, before)
    rmSync(directory, { recursive: true })
  }
}

/** Prints a row, and returns whether its figure is within its bound. */
export const row = (name, figure, bound, ok) => {
  process.stdout.write(
    `${name.padEnd(44)}  ${figure.toFixed(2).padStart(6)}  ${bound}  ${ok ? 'ok' : 'NOT MET'}\n`,
  )
  return ok
}
