import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'
import type { Mapping, MapRequest, TouchRequest } from '../../src/kernel/native/native-mapping.ts'

/** Another build of it (test/native/memory.ts), or the usual one. */
export const addonFile =
  process.env.HUGEPOOL_TEST_ADDON ??
  join(import.meta.dirname, '../../native/build/Release/hugepool.node')

export const native: Native = createRequire(import.meta.url)(addonFile)

/** A multiple of every base page. Mappings of usual files behave like those of HugeTLB pages. */
export const pageSize = 65536

/** The smallest page size of HugeTLB on this machine, in bytes. */
export const hugePageSize = Math.min(
  ...readdirSync('/sys/kernel/mm/hugepages').map(
    (name) => Number(/^hugepages-(\d+)kB$/.exec(name)?.[1]) * 1024,
  ),
)

/** A file with so many pages, open for reading and writing until the test ends. */
export const openFile = (t: Test, pages: number): number => {
  const descriptor = openSync(join(t.testdir({}), 'pages'), 'w+')
  t.teardown(() => closeSync(descriptor))
  ftruncateSync(descriptor, pages * pageSize)
  return descriptor
}

/** A shared mapping of a descriptor, until the test ends; without one, until it is forgotten. */
export const mapFile = async (
  t: Test | undefined,
  descriptor: number,
  pages: number,
  rest: Partial<MapRequest> = {},
): Promise<Mapping> => {
  const request = { bytes: pages * pageSize, pageSize, shared: true, populate: false }
  const mapping = await native.map({ ...request, noreserve: false, descriptor, ...rest })
  t?.teardown(() => mapping.unmap())
  return mapping
}

/** Private pages that cost next to nothing until they are touched, and need no pool. */
export const mapZero = async (t: Test | undefined, pages: number): Promise<Mapping> => {
  const descriptor = openSync('/dev/zero', 'r+')
  try {
    return await mapFile(t, descriptor, pages, { shared: false })
  } finally {
    closeSync(descriptor)
  }
}

/** All pages by one thread unless told. */
export const touching = (mapping: Mapping, rest: Partial<TouchRequest> = {}): TouchRequest => ({
  from: 0,
  to: mapping.pages,
  threads: 1,
  way: 'store',
  stuckSeconds: 60,
  ...rest,
})

export const ways = native.canPopulate() ? (['store', 'populate'] as const) : (['store'] as const)

/** What the kernel says when it has no page. */
export const noPage = { store: 'SIGBUS', populate: 'EFAULT' } as const

/** The permissions and numbers of attachments of all segments of so many bytes. */
export const segmentsOf = (bytes: number): readonly string[] =>
  readFileSync('/proc/sysvipc/shm', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .filter(([, , , size]) => size === `${bytes}`)
    .map(([, , permissions, , , , attached]) => `${permissions} ${attached}`)
