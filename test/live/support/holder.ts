import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { atEnd } from './live.ts'

export interface Holding {
  readonly pid: number
  /** Touches one page more. */
  touch(): Promise<void>
  release(): Promise<void>
}

export interface Mapping {
  readonly pages: number
  readonly touch?: number
  readonly sharing?: 'private' | 'shared'
  readonly noReserve?: boolean
  /** MAP_POPULATE */
  readonly populate?: boolean
  /** A file on a hugetlbfs, which is made and not held open. */
  readonly file?: string
  /** Whether it makes as many mappings as the kernel lets it have. */
  readonly crowded?: boolean
  /** The directory that becomes the process's root. */
  readonly root?: string
}

const errors = { ENOMEM: 'Cannot allocate memory', ENOSPC: 'No space left on device' }

/** What became of a holder that is gone: `ENOMEM`, `ENOSPC`, or the signal it died by. */
const failure = (complaint: string, signal: NodeJS.Signals | null): Error => {
  const [errno] = Object.entries(errors).find(([, words]) => complaint.includes(words)) ?? []
  const why = errno ?? signal ?? 'EXIT'
  return Object.assign(new Error(`${why}: ${complaint.trim()}`), { code: why })
}

/**
 * Maps huge pages in another process, which holds them until released or the test ends. Throws
 * an error with code ENOMEM where the kernel does not give the mapping, with code SIGBUS where it
 * does not give a page that is touched.
 */
export const hold = async (
  size: number,
  { pages, touch = 0, sharing = 'private', noReserve, populate, crowded, file, root }: Mapping,
): Promise<Holding> => {
  const program = process.env.HUGEPOOL_TEST_HOLDER
  if (program === undefined) throw new Error('HUGEPOOL_TEST_HOLDER is not set: npm run test:live')
  const words = [`${Math.log2(size)}`, `${pages}`, `${touch}`, sharing]
  if (noReserve) words.push('noreserve')
  if (populate) words.push('populate')
  if (crowded) words.push('crowded')
  if (file !== undefined) words.push(`file=${file}`)
  if (root !== undefined) words.push(`root=${root}`)
  const child = spawn(program, words)
  const closed = once(child, 'close').then(() => 'closed')
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const answer = async () => {
    const first = await Promise.race([once(child.stdout, 'data'), closed])
    if (first === 'closed') throw failure(complaint, child.signalCode)
  }
  const release = async () => {
    child.stdin.end()
    await closed
  }
  atEnd(release)
  await answer()
  return {
    pid: child.pid ?? 0,
    touch: async () => {
      child.stdin.write('\n')
      await answer()
    },
    release,
  }
}
