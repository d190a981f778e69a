import { closeSync } from 'node:fs'
import { readFrames } from '../../src/kernel/mapping/pagemap.ts'
import type { Mapping, MapRequest, TouchRequest } from '../../src/kernel/native/native-mapping.ts'
import { liveOn } from './support/live.ts'
import {
  basePage,
  countsOf,
  memoryNodes,
  setOvercommit,
  setPool,
  smallest,
} from './support/machine.ts'
import { native, start, until } from './support/program.ts'

const live = liveOn('room')

const total = 8
const ways = native().canPopulate() ? (['store', 'populate'] as const) : (['store'] as const)
const noPage = { store: 'SIGBUS', populate: 'EFAULT' } as const

const map = (pages: number, rest: Partial<MapRequest> = {}) => {
  const request = { shared: false, populate: false, noreserve: false, ...rest }
  return native().map({ bytes: pages * smallest, pageSize: smallest, ...request })
}

const all = (pages: number, rest: Partial<TouchRequest> = {}): TouchRequest => ({
  from: 0,
  to: pages,
  threads: 1,
  way: 'store',
  stuckSeconds: 60,
  ...rest,
})

const state = (free: number, reserved: number, surplus = 0) => ({
  total: total + surplus,
  free,
  reserved,
  surplus,
})

for (const way of ways) {
  live(`pages are reserved, touched by ${way} and given back`, async (t) => {
    setPool(smallest, total)
    const mapping = await map(6)
    t.strictSame(countsOf(smallest), state(8, 6))
    t.match(await mapping.touch(all(6, { to: 2, way })), { pages: 2 })
    t.strictSame(countsOf(smallest), state(6, 4))
    t.match(await mapping.touch(all(6, { threads: 2, way })), { pages: 6 })
    t.strictSame(countsOf(smallest), state(2, 0))
    const nodes = mapping.nodes(0, 6)
    t.ok(nodes.every((node) => memoryNodes.includes(node)))
    await Promise.all([mapping.unmap(), mapping.unmap()])
    t.strictSame(countsOf(smallest), state(8, 0))
  })

  live(`beyond the pool ${noPage[way]} is a result, by ${way}`, async (t) => {
    setPool(smallest, total)
    setOvercommit(smallest, 0)
    const mapping = await map(12, { noreserve: true })
    t.strictSame(countsOf(smallest), state(8, 0))
    const touched = await mapping.touch(all(12, { way }))
    t.hasStrict(touched, { pages: 8, failure: { page: 8, errno: noPage[way] }, stopped: false })
    t.strictSame(countsOf(smallest), state(0, 0))
    await mapping.unmap()

    const other = await map(12, { noreserve: true })
    const { pages, failure } = await other.touch(all(12, { threads: 2, way }))
    t.equal(pages, 8, 'two threads get them all')
    const at = failure?.page ?? -1
    t.ok(
      other.nodes(0, at).every((node) => node >= 0),
      'none before the first failure is missing',
    )
    t.ok((other.nodes(at, at + 1)[0] ?? 0) < 0)
    await other.unmap()
    t.strictSame(countsOf(smallest), state(8, 0))
  })
}

live('a reservation that cannot be had is ENOMEM', async (t) => {
  setPool(smallest, total)
  setOvercommit(smallest, 0)
  await t.rejects(map(9), { code: 'ENOMEM', syscall: 'mmap' })
  const segment = { bytes: 9 * smallest, pageSize: smallest, noreserve: false }
  await t.rejects(native().attachSegment(segment), { code: 'ENOMEM', syscall: 'shmget' })
  setOvercommit(smallest, 1)
  const mapping = await map(9)
  t.strictSame(countsOf(smallest), state(9, 9, 1))
  await mapping.unmap()
  t.strictSame(countsOf(smallest), state(8, 0))
})

live('MAP_POPULATE has the pages, and tells nothing of those that are missing', async (t) => {
  setPool(smallest, total)
  setOvercommit(smallest, 0)
  const mapping = await map(12, { populate: true, noreserve: true })
  t.strictSame(countsOf(smallest), state(0, 0))
  await mapping.unmap()
})

/** So many that a stop comes before the last of them is touched. */
const many = 2 ** 30 / smallest

/** Stops once the first page is there; that it does not come too late is checked by the caller. */
const stopMidway = async (mapping: Mapping) => {
  const result = mapping.touch(all(many, { threads: 2 }))
  await until('the first page', () => mapping.touched() > 0)
  mapping.stop()
  return result
}

live('a stop leaves what was touched, until it is unmapped', async (t) => {
  setPool(smallest, many)
  let isStopped = false
  // Where this process stalls, the touch ends by itself.
  for (let tries = 0; !isStopped && tries < 4; tries += 1) {
    const mapping = await map(many)
    const { pages, stopped } = await stopMidway(mapping)
    isStopped = stopped
    t.equal(stopped, pages < many)
    t.ok(pages > 0, 'some were touched')
    const left = many - pages
    t.strictSame(countsOf(smallest), { total: many, free: left, reserved: left, surplus: 0 })
    await mapping.unmap()
    t.strictSame(countsOf(smallest), { total: many, free: many, reserved: 0, surplus: 0 })
  }
  t.ok(isStopped, 'before all were touched')
})

live('what one mapping of a memfd writes, another verifies; the pages count once', async (t) => {
  setPool(smallest, total)
  const descriptor = native().memfd('hugepool-live', smallest)
  const [one, other] = [
    await map(4, { descriptor, shared: true }),
    await map(4, { descriptor, shared: true }),
  ]
  t.match(await one.write(0, 4), { pages: 4 })
  t.match(await other.verify(0, 4), { pages: 4, difference: undefined })
  t.strictSame(countsOf(smallest), state(4, 0))
  await other.write(2, 3)
  t.match(await one.verify(0, 4), { pages: 4 })
  await one.unmap()
  await other.unmap()
  t.strictSame(countsOf(smallest), state(4, 0), 'the descriptor holds them')
  closeSync(descriptor)
  t.strictSame(countsOf(smallest), state(8, 0))
})

live('a SysV segment reserves, and gives back with the mapping', async (t) => {
  setPool(smallest, total)
  const segment = { bytes: 4 * smallest, pageSize: smallest, noreserve: false }
  const mapping = await native().attachSegment(segment)
  t.strictSame(countsOf(smallest), state(8, 4))
  t.match(await mapping.touch(all(4, { to: 3, threads: 2 })), { pages: 3 })
  t.strictSame(countsOf(smallest), state(5, 1))
  await mapping.unmap()
  t.strictSame(countsOf(smallest), state(8, 0))
})

live('every page has a frame of its own', async (t) => {
  setPool(smallest, total)
  const mapping = await map(8)
  await mapping.touch(all(8, { to: 7 }))
  const extent = { address: mapping.address, pageSize: smallest, pages: 8 }
  const frames = readFrames(extent)
  const known = frames.slice(0, 7)
  t.ok(known.every((frame) => frame !== undefined && frame % (smallest / basePage) === 0))
  t.equal(new Set(known).size, 7)
  t.equal(frames[7], undefined, 'the page that was not touched has none')
  await mapping.unmap()
})

live('pages of a bound thread come from its nodes', async (t) => {
  setPool(smallest, 16)
  for (const node of memoryNodes) {
    const policy = { mode: 2, nodes: [node] }
    const mapping = await map(2, { policy })
    await mapping.touch(all(2, { policy, threads: 2 }))
    t.strictSame(mapping.nodes(0, 2), [node, node])
    await mapping.unmap()
  }
})

const processes = liveOn('pools that can be set', 'processes: signals')

processes('kill -9 gives everything back, whatever is mapped', async (t) => {
  setPool(smallest, total)
  const script = `const native = require('./native/build/Release/hugepool.node')
  const pages = { pageSize: ${smallest}, noreserve: false }
  const map = { bytes: ${2 * smallest}, ...pages, shared: true, populate: false }
  const touch = { from: 0, to: 1, threads: 1, way: 'store', stuckSeconds: 60 }
  const all = [native.map(map), native.attachSegment({ bytes: ${3 * smallest}, ...pages })]
  const descriptor = native.memfd('hugepool-live', ${smallest})
  all.push(native.map({ ...map, descriptor }))
  Promise.all(all).then((mappings) => Promise.all(mappings.map((each) => each.touch(touch))))
  setInterval(() => all, 1000)`
  const { child, result } = start([process.execPath, '-e', script])
  const held = state(5, 4)
  await until('three pages touched', () => countsOf(smallest).free === 5)
  t.strictSame(countsOf(smallest), held)
  child.kill('SIGKILL')
  t.hasStrict(await result, { signal: 'SIGKILL' })
  t.strictSame(countsOf(smallest), state(8, 0))
})
