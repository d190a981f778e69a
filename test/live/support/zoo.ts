import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { smallest } from './machine.ts'
import { startWithInput } from './program.ts'
import { wanted } from './zoo-kinds.ts'

/** What holds pages in one of the ways of test/live/zoo.cc. */
export interface Animal {
  readonly pid: number
  readonly release: () => Promise<void>
}

/** Several, each a process of its own. */
export interface Herd {
  readonly pids: readonly number[]
  readonly release: () => Promise<void>
}

export interface Cage {
  /** A file on a hugetlbfs of the smallest pages. */
  readonly file?: string
  /** What starts it, such as unshare(1). */
  readonly by?: readonly string[]
}

/** Where the program is. */
export const zooDirectory = (): string => {
  const holder = process.env.HUGEPOOL_TEST_HOLDER
  if (holder === undefined) throw new Error('HUGEPOOL_TEST_HOLDER is not set: npm run test:live')
  return dirname(holder)
}

/** What a holder is to hold. */
export interface Wish extends Pick<Cage, 'file'> {
  readonly way: string
  readonly pages: number
}

/** The command line of holders, for a shell too that makes a place for them. */
export const zooLine = (...wishes: readonly Wish[]): readonly string[] => [
  `${zooDirectory()}/zoo`,
  `${Math.log2(smallest)}`,
  ...wishes.flatMap(({ way, pages, file = '-' }) => [way, `${pages}`, file]),
]

/** Starts one program, and gives the process of each holder once all of them hold their pages. */
const begin = async (wishes: readonly Wish[], by: readonly string[]) => {
  const child = startWithInput([...by, ...zooLine(...wishes)])
  let said = ''
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const pids = () => [...said.matchAll(/^ready (\d+)$/gm)].map(([, pid]) => Number(pid))
  const closed = once(child, 'close').then(() => undefined)
  const ready = new Promise<void>((done) => {
    child.stdout.on('data', (text: string) => {
      said += text
      if (pids().length === wishes.length) done()
    })
  })
  await Promise.race([ready, closed])
  if (pids().length < wishes.length)
    throw new Error(`${wishes.map(({ way }) => way).join(', ')}: ${complaint}`)
  const release = async () => {
    child.stdin.end()
    await closed
    for (const { file } of wishes) if (file !== undefined) rmSync(file, { force: true })
  }
  return { pids: pids(), release }
}

/** Starts a holder, once it holds its pages. It ends with the test, or when it is released. */
export const animal = async (
  way: string,
  pages: number,
  { file, by = [] }: Cage = {},
): Promise<Animal> => {
  const wish = { way, pages, ...(file !== undefined && { file }) }
  const { pids, release } = await begin([wish], by)
  return { pid: pids[0] as number, release }
}

/** The file of a holder that takes one. */
export const fileFor = (directory: string, way: string, number = 0): Pick<Cage, 'file'> =>
  wanted(way, 1).needsFile ? { file: `${directory}/${way}-${number}` } : {}

/** Starts one of several holders. */
export const start = (directory: string, way: string, n: number, number: number) =>
  animal(way, n, fileFor(directory, way, number))

/**
 * Starts many holders by one program, for each that Node starts takes a tenth of a second on an emulated
 * processor. Numbers begin with the first one.
 */
export const startAll = (
  directory: string,
  all: readonly { readonly way: string; readonly n: number }[],
  first = 0,
): Promise<Herd> =>
  begin(
    all.map(({ way, n }, at) => ({ way, pages: n, ...fileFor(directory, way, first + at) })),
    [],
  )
