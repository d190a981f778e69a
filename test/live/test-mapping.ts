import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { testSchema } from '../../src/output/test-schema.ts'
import { parseExact } from '../helpers/json.ts'
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
import { mountJson, mountPoint } from './support/mounts.ts'
import { patience } from './support/needs.ts'
import { hugepool, hugepoolJson, hugepoolLine, start, until } from './support/program.ts'

const live = liveOn('pools that can be set')
const onNodes = liveOn('two nodes with memory', 'pools that can be set')
const several = liveOn('pools that can be set', 'processes: mounts')
const signals = liveOn('pools that can be set', 'processes: signals')
const cgroup = liveOn('the machine hugetlb-cgroup')

const name = sizeName(smallest)

const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
    .filter(Boolean)
    .map(Number)

const tested = (...words: readonly string[]) => hugepoolJson(testSchema, 'test', ...words)

live('test: every way, verified, and the frames of its pages', async (t) => {
  setPoolAlone(smallest, 8)
  const target = mountPoint()
  t.equal((await mountJson(target)).status, 0)
  for (const way of [
    ['--via', 'anon'],
    ['--via', 'memfd'],
    ['--via', 'shm'],
    ['--mount', target],
  ]) {
    const { status, document } = await tested(`${name}=6`, ...way, '--verify', '--frames')
    t.equal(status, 0, way.join(' '))
    t.match(document, { outcome: 'done', verified: 6n, touch: { pages: 6n } })
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
  t.match(dry.document.failure, { page: 4n, errno: 'SIGBUS', why: /the pool is exhausted/ })
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
  t.match(refused.document.failure, { errno: 'ENOMEM', why: new RegExp(`3 free on node ${first}`) })
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
    t.match(document.failure, { page: 4n, errno: 'SIGBUS', why: /the cgroup \/limited allows 8M/ })
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

signals('test: a signal releases what is held', async (t) => {
  setPoolAlone(smallest, 4)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const held = start([...hugepoolLine, 'test', `${name}=4`, '--hold', '1h', '--json'])
    await until('pages in use', () => countsOf(smallest).free === 0)
    const sent = performance.now()
    held.child.kill(signal)
    const { signal: died, out } = await held.result
    t.ok(performance.now() - sent < 500 * patience, 'within half a second')
    t.equal(died, signal)
    t.equal(
      testSchema.parse(parseExact(out)).steps.at(-1)?.what,
      'all pages and reservations came back',
    )
  }
})

signals('test: a stopped process ends with hugepool', async (t) => {
  setPoolAlone(smallest, 4)
  const words = ['--via', 'memfd', '--processes', '3', '--hold', '1h']
  const held = start([...hugepoolLine, 'test', `${name}=4`, ...words])
  await until('it holds', () => held.errTimes.length > 0)
  const all = childrenOf(held.child.pid ?? 0)
  t.equal(all.length, 2)
  for (const pid of all) process.kill(pid, 'SIGSTOP')
  held.child.kill('SIGKILL')
  await held.result
  await until('all pages back', () => countsOf(smallest).free === 4)
})

signals('test: nothing is left by kill -9', async (t) => {
  setPoolAlone(smallest, 4)
  const target = mountPoint()
  t.equal((await mountJson(target)).status, 0)
  const segments = () => readFileSync('/proc/sysvipc/shm', 'utf8').split('\n').length
  const before = segments()
  for (const way of [
    ['--via', 'memfd', '--processes', '3'],
    ['--via', 'shm'],
    ['--mount', target],
  ]) {
    const held = start([...hugepoolLine, 'test', `${name}=4`, ...way, '--hold', '1h'])
    await until('pages in use', () => countsOf(smallest).free === 0)
    held.child.kill('SIGKILL')
    await held.result
    await until('all pages back', () => countsOf(smallest).free === 4)
    t.strictSame(countsOf(smallest), { total: 4, free: 4, reserved: 0, surplus: 0 }, way.join(' '))
  }
  t.strictSame(readdirSync(target), [])
  t.equal(segments(), before)
})
