import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { smallest } from './machine.ts'
import { startWithInput } from './program.ts'
import { wanted } from './zoo-kinds.ts'

/** What holds pages in one of the ways of test/live/zoo.cc. */
export interface Animal {
  readonly way: string
  readonly pages: number
  readonly pid: number
  readonly kill: () => void
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

/** The command line of a holder, for a shell that makes a place for it. */
export const zooLine = (way: string, pages: number, file?: string): readonly string[] => [
  `${zooDirectory()}/zoo`,
  way,
  `${Math.log2(smallest)}`,
  `${pages}`,
  ...(file === undefined ? [] : [file]),
]

/** Starts a holder, once it holds its pages. It ends with the test, or when it is released. */
export const animal = async (way: string, pages: number, { file, by = [] }: Cage = {}) => {
  const child = startWithInput([...by, ...zooLine(way, pages, file)])
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const closed = once(child, 'close').then(() => undefined)
  const [ready] = (await Promise.race([once(child.stdout, 'data'), closed])) ?? []
  const pid = /^ready (\d+)/.exec(`${ready}`)?.[1]
  if (pid === undefined) throw new Error(`${way}: ${complaint}`)
  const release = async () => {
    child.stdin.end()
    await closed
    if (file !== undefined) rmSync(file, { force: true })
  }
  const held: Animal = { way, pages, pid: Number(pid), kill: () => child.kill('SIGKILL'), release }
  return held
}

/** The file of a holder that takes one. */
export const fileFor = (directory: string, way: string, number = 0): Pick<Cage, 'file'> =>
  wanted(way, 1).needsFile ? { file: `${directory}/${way}-${number}` } : {}

/** Starts one of several holders. */
export const start = (directory: string, way: string, n: number, number: number) =>
  animal(way, n, fileFor(directory, way, number))
