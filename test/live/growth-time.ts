import { nativeFor } from '../../src/kernel/native/native.ts'
import { directoryTree, type Tree } from '../../src/kernel/tree.ts'
import { planResize } from '../../src/model/pools/resize-plan.ts'
import { parseAssignment } from '../../src/model/words/assignment.ts'
import { changePools } from '../../src/operations/pools/plan-and-change.ts'
import type { Ports } from '../../src/operations/ports.ts'
import { listByProcess } from './support/at-once.ts'
import { liveOn } from './support/live.ts'
import { meminfo, persistentOf, poolPath, setPool, sizeName, smallest } from './support/machine.ts'
import { native } from './support/program.ts'

const live = liveOn('real time')

const name = sizeName(smallest)
const path = poolPath(smallest, 'nr_hugepages')
const runs = 5

/** Up to 3 GiB, and no more than a third of what is available. */
const pages = Math.floor(Math.min(3 * 2 ** 30, meminfo('MemAvailable') / 3) / smallest)

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
/** Of several runs the one that other work on this machine disturbed least. */
const least = (numbers: readonly number[]) => sorted(numbers)[0] as number
const median = (numbers: readonly number[]) => sorted(numbers)[runs >> 1] as number

/** The running kernel, made as slow as one that takes so long for each page it allocates. */
const slowTree = (millisecondsAPage: number): Tree & { readonly writes: () => number } => {
  const tree = directoryTree('/')
  const cell = new Int32Array(new SharedArrayBuffer(4))
  let writes = 0
  return {
    ...tree,
    writes: () => writes,
    write: (file, value) => {
      const before = file === path ? persistentOf(smallest) : 0
      tree.write(file, value)
      if (file !== path) return
      writes += 1
      Atomics.wait(cell, 0, 0, (persistentOf(smallest) - before) * millisecondsAPage)
    },
  }
}

const portsOn = (tree: Tree): Ports => ({
  tree,
  native: nativeFor(tree, native),
  clock: () => performance.now(),
  now: Date.now,
  pause: (milliseconds) =>
    new Promise((done) => {
      if (milliseconds === 0) setImmediate(done)
      else setTimeout(done, milliseconds)
    }),
  watchSignals: () => ({ pending: () => undefined, end: () => undefined }),
  note: () => undefined,
  reason: () => undefined,
  progress: () => undefined,
  mapper: () => Promise.reject(new Error('this test maps nothing')),
})

const timed = async (action: () => unknown): Promise<number> => {
  setPool(smallest, 0)
  const started = performance.now()
  await action()
  const milliseconds = performance.now() - started
  if (persistentOf(smallest) !== pages)
    throw new Error(`only ${persistentOf(smallest)} of ${pages}`)
  return milliseconds
}

const request = { assignments: [parseAssignment(`${name}=${pages}`)] }
const options = { dryRun: false, allOrNothing: false, compact: false, wait: true }

/** Milliseconds of one plain write and of a resize, in the least disturbed of runs in turns. */
const compare = async (millisecondsAPage: number) => {
  const plain: number[] = []
  const chunked: number[] = []
  let writes = 0
  for (let index = 0; index < runs; index += 1) {
    plain.push(await timed(() => slowTree(millisecondsAPage).write(path, `${pages}`)))
    const tree = slowTree(millisecondsAPage)
    const plan = (machine: Parameters<typeof planResize>[0]) => planResize(machine, request)
    chunked.push(await timed(() => changePools(portsOn(tree), plan, options)))
    writes = tree.writes()
  }
  return {
    plain: least(plain),
    chunked: least(chunked),
    writes,
    medians: median(chunked) / median(plain),
  }
}

const inWords = ({
  plain,
  chunked,
  writes,
  medians,
}: Awaited<ReturnType<typeof compare>>): string =>
  `one write ${plain.toFixed(1)} ms, ${writes} writes ${chunked.toFixed(1)} ms,` +
  ` ratio ${(chunked / plain).toFixed(3)} (of the medians ${medians.toFixed(3)})`

live('a growth of several writes takes at most 1.05 of a single write', async (t) => {
  // Allocation alone takes microseconds a page where memory is plentiful, so that a second of it
  // does not fit into this machine. Where memory has to be reclaimed or compacted it takes longer:
  // the wait makes two seconds of it, and everything else is the real kernel and the real code.
  const slow = await compare(2000 / pages)
  t.comment(`${pages} pages of ${name}, as on a slow kernel: ${inWords(slow)}`)
  t.ok(slow.writes > 2, 'it is several writes')
  t.ok(slow.chunked / slow.plain <= 1.05, 'at most 1.05')
})

live('on this machine, as fast as it is, several writes cost less than a list', async (t) => {
  const fast = await compare(0)
  t.comment(`${pages} pages of ${name}, as fast as this kernel: ${inWords(fast)}`)
  const started = performance.now()
  await listByProcess()
  const list = performance.now() - started
  t.ok(fast.chunked - fast.plain < list, `${list} ms, whatever the ratio of so short a time`)
})
