// Times how fast the addon has 4 GiB of 2M pages, against a plain C program with MAP_POPULATE that
// is compiled here and run in turn with it. Needs root, and sets the pool for as long as it runs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from './compile.js'

const rounds = 15
const pageSize = 2 ** 21
const pages = 2048
const bytes = pages * pageSize
const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB'

const native = createRequire(import.meta.url)('../../native/build/Release/hugepool.node')

const count = (file) => Number(readFileSync(`${pool}/${file}`, 'latin1'))
const setPool = (total) => writeFileSync(`${pool}/nr_hugepages`, `${total}`)

/** Seconds from the wish for a mapping to its last page. */
const touch = async (threads, way) => {
  const started = process.hrtime.bigint()
  const mapping = await native.map({
    bytes,
    pageSize,
    shared: false,
    populate: false,
    noreserve: false,
  })
  const request = { from: 0, to: pages, threads, way, stuckSeconds: 60 }
  const { failure } = await mapping.touch(request)
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  await mapping.unmap()
  if (failure !== undefined) throw new Error(`page ${failure.page}: ${failure.errno}`)
  return seconds
}

const populating = (directory) => {
  const program = compile('populate', directory)
  return () => Number(execFileSync(program, [`${Math.log2(pageSize)}`, `${bytes}`]))
}

const cases = (populate) => [
  { name: 'C program with MAP_POPULATE', run: populate },
  { name: 'one thread, store', run: () => touch(1, 'store'), bound: 0.95 },
  { name: 'one thread, populate', run: () => touch(1, 'populate'), bound: 0.95 },
  { name: 'two threads, store', run: () => touch(2, 'store'), bound: 1.3 },
  { name: 'two threads, populate', run: () => touch(2, 'populate'), bound: 1.3 },
]

/**
 * The least of several rounds, in turn: what else a machine does only ever adds to a time. The first
 * rounds warm the memory up: a virtual machine may get its own only then.
 */
const measure = async (all) => {
  const least = new Map(all.map(({ name }) => [name, Number.POSITIVE_INFINITY]))
  for (let round = -2; round < rounds; round += 1)
    for (const { name, run } of all) {
      const seconds = await run()
      if (round >= 0) least.set(name, Math.min(least.get(name), seconds))
    }
  return least
}

const line = (name, seconds, base, bound) => {
  const speed = base / seconds
  const verdict = bound === undefined ? '' : speed >= bound ? 'ok' : 'TOO SLOW'
  const limit = bound === undefined ? '-' : `>= ${bound.toFixed(2)}`
  const figure = `${(bytes / seconds / 1e9).toFixed(1)} GB/s`
  const cells = [name.padEnd(36), figure.padStart(10), speed.toFixed(2).padStart(7)]
  process.stdout.write(`${cells.join('  ')}  ${limit.padStart(7)}  ${verdict}\n`)
  return verdict !== 'TOO SLOW'
}

const before = count('nr_hugepages')
const directory = mkdtempSync(join(tmpdir(), 'hugepool-bench-'))
try {
  const missing = pages - (count('free_hugepages') - count('resv_hugepages'))
  if (missing > 0) setPool(before + missing)
  if (count('free_hugepages') - count('resv_hugepages') < pages)
    throw new Error(`no ${pages} pages of 2M can be had on this machine`)
  const all = cases(populating(directory))
  const least = await measure(all)
  const base = least.get(all[0].name)
  const cores = availableParallelism()
  process.stdout.write(`best of ${rounds} rounds in turn, 4 GiB of 2M pages, ${cores} cores\n`)
  const fast = all.map(({ name, bound }) => line(name, least.get(name), base, bound))
  process.exitCode = fast.every(Boolean) ? 0 : 1
} finally {
  if (count('nr_hugepages') !== before) setPool(before)
  rmSync(directory, { recursive: true, force: true })
}
