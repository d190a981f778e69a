import { closeSync, fstatSync, openSync, readFileSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import {
  hugePageSize,
  mapFile,
  mapZero,
  native,
  openFile,
  pageSize,
  touching,
} from '../helpers/mapping.ts'

const bindPolicy = 2

const request = { bytes: 4 * pageSize, pageSize, shared: true, populate: false, noreserve: false }

/** The lines of smaps of the area that begins at an address. */
const smaps = (address: bigint): string => {
  const text = readFileSync('/proc/self/smaps', 'latin1')
  const start = text.search(new RegExp(`^0*${address.toString(16)}-`, 'm'))
  return start < 0
    ? ''
    : (text
        .slice(start)
        .split(/^VmFlags/m, 2)
        .join('VmFlags')
        .split('\n\n')[0] ?? '')
}

const isMapped = (address: bigint): boolean => smaps(address) !== ''

t.test('a mapping knows its address and pages', async (t) => {
  const mapping = await mapFile(t, openFile(t, 4), 4)
  t.equal(mapping.pages, 4)
  t.equal(mapping.address % 4096n, 0n)
  t.ok(isMapped(mapping.address))
  t.equal(mapping.touched(), 0)
  t.doesNotThrow(() => mapping.stop(), 'nothing to stop')
})

t.test('populate has the pages at once', async (t) => {
  const mapping = await mapFile(t, openFile(t, 4), 4, { populate: true })
  t.ok(mapping.nodes(0, 4).every((node) => node >= 0))
})

t.test('a child would inherit no mapping', async (t) => {
  const mapping = await mapFile(t, openFile(t, 4), 4)
  t.match(smaps(mapping.address), /^VmFlags:.* dc /m)
})

t.test('what the kernel refuses rejects with the call that it refuses', async (t) => {
  const descriptor = openFile(t, 4)
  const readOnly = openSync(`/proc/self/fd/${descriptor}`, 'r')
  t.teardown(() => closeSync(readOnly))
  const map = (rest: object) => native.map({ ...request, ...rest })
  await t.rejects(map({ descriptor: 2 ** 31 - 1 }), { code: 'EBADF', syscall: 'mmap' })
  const message = 'EACCES: permission denied, mmap'
  await t.rejects(map({ descriptor: readOnly }), { message, errno: -13 })
  // No architecture has pages of 2^40 bytes.
  const none = { bytes: 2 ** 40, pageSize: 2 ** 40 }
  await t.rejects(map(none), { code: 'EINVAL', syscall: 'mmap' })
})

t.test('the policy is that of the mapping thread only', async (t) => {
  const descriptor = openFile(t, 4)
  const before = native.getMempolicy()
  await mapFile(t, descriptor, 4, { policy: { mode: bindPolicy, nodes: [0] } })
  t.strictSame(native.getMempolicy(), before)
  const policy = { mode: bindPolicy, nodes: [1023] }
  await t.rejects(native.map({ ...request, descriptor, policy }), {
    code: 'EINVAL',
    syscall: 'set_mempolicy',
  })
})

t.test('nodes tells the node of each page that is there', async (t) => {
  const mapping = await mapZero(t, 2000)
  await mapping.touch(touching(mapping, { from: 600, to: 1300 }))
  const nodes = mapping.nodes(0, 2000)
  t.equal(nodes.length, 2000)
  t.ok(nodes.slice(600, 1300).every((node) => node >= 0))
  // ENOENT, or EFAULT where there is not even a table for the page.
  t.ok([...nodes.slice(0, 600), ...nodes.slice(1300)].every((node) => node === -2 || node === -14))
  t.strictSame(mapping.nodes(700, 702), nodes.slice(700, 702))
  t.strictSame(mapping.nodes(5, 5), [])
})

t.test('unmap gives the memory back, once', async (t) => {
  const mapping = await mapFile(t, openFile(t, 4), 4)
  await Promise.all([mapping.unmap(), mapping.unmap()])
  t.notOk(isMapped(mapping.address))
  const next = await mapFile(t, openFile(t, 4), 4)
  await mapping.unmap()
  t.ok(isMapped(next.address), 'what is mapped there now stays')
  t.equal(mapping.pages, 4)
  const gone = { code: 'EFAULT' }
  t.throws(() => mapping.touch(touching(mapping)), gone)
  t.throws(() => mapping.write(0, 4), gone)
  t.throws(() => mapping.verify(0, 4), gone)
  t.throws(() => mapping.nodes(0, 4), gone)
  t.doesNotThrow(() => mapping.stop())
})

t.test('unmap ends what runs', async (t) => {
  const mapping = await mapZero(t, 2 ** 16)
  const touched = mapping.touch(touching(mapping, { threads: 2 }))
  await mapping.unmap()
  t.notOk(isMapped(mapping.address))
  t.match(await touched, { stopped: true, failure: undefined })
})

t.test('a mapping that nobody knows any more is given back', async (t) => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const descriptor = openFile(t, 4)
  const address = await (async () => (await native.map({ ...request, descriptor })).address)()
  for (let tries = 0; isMapped(address) && tries < 50; tries += 1) {
    await sleep(10)
    collect()
  }
  t.notOk(isMapped(address))
})

t.test('memfd', async (t) => {
  const descriptor = native.memfd('a b', hugePageSize)
  t.teardown(() => closeSync(descriptor))
  t.equal(statfsSync(`/proc/self/fd/${descriptor}`).bsize, hugePageSize)
  t.equal(fstatSync(descriptor).size, 0)
  const flags = /^flags:\s+0?(\d+)$/m.exec(
    readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'),
  )
  const closeOnExec = 0o2000000
  t.equal(Number.parseInt(flags?.[1] ?? '', 8) & closeOnExec, closeOnExec)
  t.throws(() => native.memfd('a', 2 ** 40), { code: 'ENODEV', syscall: 'memfd_create' })
  t.throws(() => native.memfd('a'.repeat(1000), hugePageSize), { code: 'EINVAL' })
})
