import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'

/**
 * This machine as the kernel shows it, read without any code of hugepool: the tests compare what
 * hugepool says and does with these numbers.
 */
export const poolsDirectory = '/sys/kernel/mm/hugepages'
export const nodesDirectory = '/sys/devices/system/node'

const names = (directory: string): string[] => {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

export const readNumber = (path: string): number => Number(readFileSync(path, 'utf8'))
export const writeNumber = (path: string, value: number): void => writeFileSync(path, `${value}\n`)

/** Page sizes in bytes, smallest first. */
export const sizes: readonly number[] = names(poolsDirectory)
  .map((name) => Number(/^hugepages-(\d+)kB$/.exec(name)?.[1]) * 1024)
  .sort((a, b) => a - b)

export const smallest = sizes[0] as number

/** Bytes of a page of usual memory: what a mapping of this process counts in. */
export const basePage =
  Number(/^KernelPageSize: +(\d+) kB$/m.exec(readFileSync('/proc/self/smaps', 'utf8'))?.[1]) * 1024

/** The largest page size where it is one of a gibibyte or more; some machines have none. */
export const gigantic: number | undefined = sizes.findLast((size) => size >= 2 ** 30)

const expandList = (list: string): number[] =>
  list
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })

const nodesIn = (file: string): readonly number[] =>
  names(nodesDirectory).includes(file)
    ? expandList(readFileSync(`${nodesDirectory}/${file}`, 'utf8'))
    : []

export const nodes = nodesIn('online')
export const memoryNodes = nodesIn('has_memory')
export const memorylessNodes = nodes.filter((node) => !memoryNodes.includes(node))

/** As hugepool and the kernel write sizes: 64K, 2M, 1G. */
export const sizeName = (size: number): string => {
  if (size >= 2 ** 30) return `${size / 2 ** 30}G`
  return size >= 2 ** 20 ? `${size / 2 ** 20}M` : `${size / 2 ** 10}K`
}

export const poolPath = (size: number, file: string, node?: number): string => {
  const top = node === undefined ? poolsDirectory : `${nodesDirectory}/node${node}/hugepages`
  return `${top}/hugepages-${size / 1024}kB/${file}`
}

export interface Counts {
  readonly total: number
  readonly free: number
  /** Below zero where the kernel has lost count: its own number wraps around. */
  readonly reserved: number
  readonly surplus: number
}

export const countsOf = (size: number): Counts => ({
  total: readNumber(poolPath(size, 'nr_hugepages')),
  free: readNumber(poolPath(size, 'free_hugepages')),
  reserved: Number(
    BigInt.asIntN(64, BigInt(readFileSync(poolPath(size, 'resv_hugepages'), 'utf8'))),
  ),
  surplus: readNumber(poolPath(size, 'surplus_hugepages')),
})

export const persistentOf = (size: number, node?: number): number =>
  readNumber(poolPath(size, 'nr_hugepages', node)) -
  readNumber(poolPath(size, 'surplus_hugepages', node))

/** Gives back what the kernel caches and moves the rest together: a page of 1G needs it at times. */
export const makeRoom = (): void => {
  writeNumber('/proc/sys/vm/drop_caches', 3)
  writeNumber('/proc/sys/vm/compact_memory', 1)
}

/** Waits for milliseconds: what has ended gives its memory back a while later. */
const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** Sets a pool without hugepool, for a known start; throws where the kernel gives less. */
export const setPool = (size: number, pages: number, node?: number): void => {
  for (let tries = 0; tries < 8; tries += 1) {
    if (tries > 0) {
      pause(10 * 2 ** tries)
      makeRoom()
    }
    writeNumber(poolPath(size, 'nr_hugepages', node), pages)
    if (persistentOf(size, node) === pages) return
  }
  const where = node === undefined ? '' : ` on node ${node}`
  const got = persistentOf(size, node)
  throw new Error(`needs ${pages} pages of ${sizeName(size)}${where}, got ${got}`)
}

export const setOvercommit = (size: number, pages: number): void =>
  writeNumber(poolPath(size, 'nr_overcommit_hugepages'), pages)

/** So many pages and no overcommit. Where that is 0 it is not written: gigantic pools refuse it. */
export const setPoolAlone = (size: number, pages: number): void => {
  setPool(size, pages)
  if (readNumber(poolPath(size, 'nr_overcommit_hugepages')) !== 0) setOvercommit(size, 0)
}

/** The lines of hugetlbfs in mountinfo. */
export const hugetlbfsLines = (): readonly string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(' - hugetlbfs '))

/** Bytes, from /proc/meminfo. */
export const meminfo = (key: string): number => {
  const line = new RegExp(`^${key}: *(\\d+) kB$`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))
  return Number(line?.[1]) * 1024
}

/** The size of what does not say one. */
export const defaultSize = meminfo('Hugepagesize')

/** Bytes, from the node's own meminfo. */
export const nodeMemory = (node: number): number => {
  const text = readFileSync(`${nodesDirectory}/node${node}/meminfo`, 'utf8')
  return Number(/MemTotal: *(\d+) kB$/m.exec(text)?.[1]) * 1024
}

const numbered = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  return major * 1000 + minor
}

/** Whether the running kernel is at least this version, such as `6.19`. */
export const kernelFrom = (version: string): boolean => numbered(release()) >= numbered(version)
