import { existsSync } from 'node:fs'
import { release } from 'node:os'
import { createInterface } from 'node:readline'
import { atEnd } from './live.ts'
import { run, startWithInput } from './program.ts'

export const unload = async (name: string): Promise<void> => {
  const { status, err } = await run(['rmmod', name])
  if (status !== 0) throw new Error(err)
}

/** Loads a module of test/vm/modules, which is unloaded at the end of the test at the latest. */
export const load = async (name: string, ...parameters: readonly string[]): Promise<void> => {
  const { status, err } = await run(['insmod', `modules/${release()}/${name}.ko`, ...parameters])
  if (status !== 0) throw new Error(err)
  atEnd(async () => {
    if (existsSync(`/sys/module/${name}`)) await unload(name)
  })
}

/** What a driver says of a buffer that it has pinned. */
export interface Seen {
  readonly id: number
  /** Runs of frames that follow each other. */
  readonly runs: number
  /** The frame of each huge page, in base pages. */
  readonly frames: readonly number[]
}

export interface Pinning {
  readonly pid: number
  readonly seen: Seen
  unmap(): Promise<void>
  /** Ends the process, and not what is pinned. */
  end(): Promise<void>
}

/** Lets go what was pinned: all there is, where no id is given. */
export const unpin = async (id = 0): Promise<void> => {
  const { status, err } = await run(['./pinner', 'release', `${id}`])
  if (status !== 0) throw new Error(err)
}

/**
 * Has hpage_pin pin a buffer of a process: private pages (`anon`), those of a `memfd`, or of the file or
 * device with this path.
 */
export const pin = async (size: number, pages: number, what: string): Promise<Pinning> => {
  atEnd(() => unpin())
  const child = startWithInput(['./pinner', 'pin', `${Math.log2(size)}`, `${pages}`, what])
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const closed = new Promise<undefined>((done) => child.once('close', () => done(undefined)))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const answer = async (): Promise<string> => {
    const { value } = await lines.next()
    if (value !== undefined) return value
    await closed
    throw new Error(complaint)
  }
  const seen = JSON.parse(await answer()) as Seen
  return {
    pid: child.pid ?? 0,
    seen,
    unmap: async () => {
      child.stdin.write('\n')
      await answer()
    },
    end: async () => {
      child.stdin.end()
      await closed
    },
  }
}
