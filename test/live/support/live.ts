import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import {
  hugetlbfsLines,
  memoryNodes,
  nodes,
  nodesDirectory,
  persistentOf,
  poolPath,
  poolsDirectory,
  sizes,
  writeNumber,
} from './machine.ts'
import { missing, type Need } from './needs.ts'
import { orThrown } from './thrown.ts'
import { settled } from './wait.ts'

type Snapshot = Readonly<Record<string, string>>

const readable = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    // `demote` cannot be read, not even by root.
    return undefined
  }
}

/** Every file of every pool, of the whole machine and of its nodes: none comes or goes while it runs. */
const poolFiles = [
  poolsDirectory,
  ...nodes.map((node) => `${nodesDirectory}/node${node}/hugepages`),
]
  // Before 6.1 a node without memory has none.
  .filter(existsSync)
  .flatMap((top) => readdirSync(top, { recursive: true }).map((name) => `${top}/${name}`))
  .filter((path) => readable(path) !== undefined)

/** What is in every readable one of them. */
export const snapshot = (): Snapshot =>
  Object.fromEntries(
    poolFiles.flatMap((path) => {
      const text = readable(path)
      return text === undefined ? [] : [[path, text]]
    }),
  )

interface Setting {
  readonly path: string
  readonly value: number
}

/** The numbers an administrator sets, larger pages last, for small ones are in their way. */
const settingsNow = (): readonly Setting[] =>
  sizes.flatMap((size) => {
    const whole = { path: poolPath(size, 'nr_hugepages'), value: persistentOf(size) }
    const onNodes = memoryNodes.map((node) => ({
      path: poolPath(size, 'nr_hugepages', node),
      value: persistentOf(size, node),
    }))
    const overcommit = poolPath(size, 'nr_overcommit_hugepages')
    return [
      ...(onNodes.length > 0 ? onNodes : [whole]),
      { path: overcommit, value: Number(readable(overcommit)) },
    ]
  })

/** Writes back only what differs: a write of overcommit to a gigantic pool can be EINVAL. */
const putBack = (settings: readonly Setting[]): void => {
  const now = new Map(settingsNow().map(({ path, value }) => [path, value]))
  for (const { path, value } of settings) if (now.get(path) !== value) writeNumber(path, value)
}

const putSizesBack = (before: Snapshot): void => {
  for (const size of sizes) {
    const path = poolPath(size, 'demote_size')
    const was = before[path]
    if (was !== undefined && readable(path) !== was)
      writeNumber(path, Number.parseInt(was, 10) * 1024)
  }
}

const ends: (() => Promise<void> | void)[] = []

/** Has something ended at the end of the running test, the last one first. */
export const atEnd = (end: () => Promise<void> | void): void => {
  ends.push(end)
}

const runEnds = async (): Promise<void> => {
  try {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end()
  } finally {
    // What fails to end must not keep the others from it.
    if (ends.length > 0) await runEnds()
  }
}

const leavingNothing = (body: (t: Test) => Promise<void>) => async (t: Test) => {
  const before = snapshot()
  const mounts = hugetlbfsLines()
  const settings = settingsNow()
  t.teardown(() => putSizesBack(before))
  try {
    await orThrown(body(t))
  } finally {
    try {
      await runEnds()
    } finally {
      putBack(settings)
    }
    t.strictSame(await settled(snapshot, before), before, 'every pool file is as it was')
    t.strictSame(hugetlbfsLines(), mounts, 'and so are the mounts')
  }
}

/**
 * Tests on the pools of this machine, where it has what they need; elsewhere they are reported as
 * skipped for want of it. At the end of each, also after a failure, its processes end and the
 * numbers it may set are put back; then every pool file and every hugetlbfs mount must be what it
 * was before.
 */
export const liveOn =
  (...needs: readonly Need[]) =>
  (title: string, body: (t: Test) => Promise<void>) => {
    const lacking = missing(needs)
    return t.test(title, { skip: lacking ?? false }, leavingNothing(body))
  }
