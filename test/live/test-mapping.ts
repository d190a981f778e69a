import { readdirSync, writeFileSync } from 'node:fs'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  gigantic,
  memorylessNodes,
  memoryNodes,
  setPool,
  setPoolAlone,
  sizeName,
  smallest,
} from './support/machine.ts'
import { mountJson, mountPoint, ofSmallest } from './support/mounts.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('pools that can be set')
const onNodes = liveOn('two nodes with memory', 'pools that can be set')
const several = liveOn('pools that can be set', 'processes: mounts')
const cgroup = liveOn('the machine hugetlb-cgroup')

const name = sizeName(smallest)

const tested = (...words: readonly string[]) => hugepoolJson(testSchema, 'test', ...words)

live('test: every way, verified, and the frames of its pages', async (t) => {
  setPoolAlone(smallest, 8)
  const target = mountPoint()
  t.equal((await mountJson(target, ...ofSmallest)).status, 0)
  for (const way of [
    ['--via', 'anon'],
    ['--via', 'memfd'],
    ['--via', 'shm'],
    ['--mount', target],
  ]) {
    const { status, document } = await tested(`${name}=6`, ...way, '--verify', '--frames')
    t.equal(status, 0, way.join(' '))
    t.hasStrict(document, { outcome: 'done', verified: 6n, touch: { pages: 6n } })
    const frames = document.frames?.map(({ pfn }) => pfn) ?? []
    t.equal(new Set(frames).size, 6, 'each page has a frame of its own')
    t.ok(frames.every((frame) => frame !== undefined && frame > 0n))
    const runs = document.contiguousRuns?.reduce((sum, { pages }) => sum + pages, 0n)
    t.equal(runs, 6n)
  }
  t.strictSame(readdirSync(target), [], 'no file is left')
  t.strictSame(countsOf(smallest), { total: 8, free: 8, reserved: 0, surplus: 0 })
})

several('test: processes share pages, and the pool has them once', async (t) => {
  setPoolAlone(smallest, 8)
  for (const way of ['memfd', 'shm']) {
    const { status, document } = await tested(`${name}=7`, '--via', way, '--processes', '3')
    t.equal(status, 0, way)
    t.equal(document.processes?.length, 3)
    t.ok(document.processes?.every(({ verified }) => verified === 7n))
    t.equal(new Set(document.processes?.map(({ pid }) => pid)).size, 3)
    const least = document.steps.map(({ free }) => free)
    t.equal(least.sort()[0], 1n, 'seven of eight are in use')
  }
})

live('test: what is missing, and a pool that runs dry', async (t) => {
  setPoolAlone(smallest, 4)
  const missing = await hugepool('test', `${name}=6`)
  t.equal(missing.status, 1)
  t.match(missing.err, '4 available: 2 missing, and overcommit allows none')
  const dry = await tested(`${name}=6`, '--noreserve', '--threads', '1')
  t.equal(dry.status, 64)
  t.match(dry.document.failure, { page: 4n, errno: /^SIGBUS$/, why: /the pool is exhausted/ })
  t.strictSame(countsOf(smallest), { total: 4, free: 4, reserved: 0, surplus: 0 })
})

onNodes('test: placed on nodes, and a bound node that runs dry', async (t) => {
  const [first = 0, second = 1] = memoryNodes
  setPoolAlone(smallest, 0)
  setPool(smallest, 3, first)
  setPool(smallest, 5, second)
  const placed = await tested(`${name}=${first}:2,${second}:4`)
  t.strictSame(placed.document.placement, [
    { node: first, pages: 2n },
    { node: second, pages: 4n },
  ])
  const refused = await tested(`${name}=${first}:4`)
  t.equal(refused.status, 1)
  t.match(refused.document.failure, {
    errno: /^ENOMEM$/,
    why: new RegExp(`3 free on node ${first}`),
  })
  const words = ['--noreserve', '--mempolicy', `bind:${first}`, '--threads', '1']
  const dry = await tested(`${name}=4`, ...words)
  t.equal(dry.status, 64)
  t.match(dry.document.failure, { page: 3n, why: new RegExp(`no page is free on node ${first}`) })
})

liveOn('a node without memory', 'pools that can be set')(
  'test: a node without memory gives no page, and the others do',
  async (t) => {
    const [without = 0] = memorylessNodes
    setPoolAlone(smallest, 6)
    for (const words of [
      [`${name}=${without}:1`],
      [`${name}=1`, '--mempolicy', `bind:${without}`],
    ]) {
      const refused = await hugepool('test', ...words)
      t.equal(refused.status, 4)
      t.match(refused.err, `node ${without} has no memory`)
    }
    const { status, document } = await tested(`${name}=6`, '--threads', '1')
    t.equal(status, 0)
    t.strictSame(
      document.placement.map(({ node }) => node),
      memoryNodes,
    )
    t.strictSame(countsOf(smallest), { total: 6, free: 6, reserved: 0, surplus: 0 })
  },
)

cgroup('test: the limit of the hugetlb cgroup', async (t) => {
  const limited = '/sys/fs/cgroup/limited'
  setPoolAlone(smallest, 8)
  writeFileSync(`${limited}/cgroup.procs`, '0')
  try {
    const { status, document } = await tested(`${name}=6`, '--threads', '1')
    t.equal(status, 64)
    t.match(document.failure, {
      page: 4n,
      errno: /^SIGBUS$/,
      why: /the cgroup \/limited allows 8M/,
    })
  } finally {
    writeFileSync('/sys/fs/cgroup/cgroup.procs', '0')
  }
})

live('test: gigantic pages', async (t) => {
  if (gigantic === undefined) {
    t.equal((await hugepool('test', '1T=1')).status, 4, 'there are none here')
    return
  }
  const { status } = await hugepool('test', `${sizeName(gigantic)}=99999`)
  t.equal(status, 1)
})
