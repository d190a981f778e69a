import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'
import { machineName } from './needs.ts'
import { hugepoolLine, type Result, run, within } from './program.ts'
import { callsIn, temporaryDirectory } from './trace.ts'

/** Which writes of a run are kept from the kernel, and what is answered in its place. */
export interface Tampering {
  readonly paths: readonly string[]
  /** The first and the last of the writes to these files, from 1; all where none is named. */
  readonly first?: number
  readonly last?: number
  /** Success without anything done, as where the kernel has no pages left, or an error. */
  readonly answer: 'nothing' | `E${string}`
}

interface Write {
  readonly path: string
  readonly value: string
}

type Written = Result & { readonly writes: readonly Write[] }

const compactPath = '/proc/sys/vm/compact_memory'

const traced = async (tampering: Tampering, words: readonly string[]): Promise<Written> => {
  const { paths, first = 1, last, answer } = tampering
  const log = join(temporaryDirectory(), 'strace')
  const strace = ['strace', '-f', '--seccomp-bpf', '-y', '-qq', '-o', log, '-e', 'trace=write']
  // The number of bytes may be any: nobody looks at it.
  const instead = answer === 'nothing' ? 'retval=4' : `error=${answer}`
  const when = last === undefined ? `${first}+` : `${first}..${last}`
  const inject = ['-e', `inject=write:${instead}:when=${when}`]
  const files = [...paths, compactPath].flatMap((path) => ['-P', path])
  const result = await run([...strace, ...inject, ...files, ...hugepoolLine, ...words])
  const writes = callsIn(readFileSync(log, 'utf8')).flatMap(({ text }) => {
    const [, path, value] = /^write\(\d+<(\S+)>, "(.*)\\n"/.exec(text) ?? []
    return path === undefined || value === undefined ? [] : [{ path, value }]
  })
  return { ...result, writes }
}

const tamperedTree = ({ paths, first = 1, last, answer }: Tampering, writes: Write[]): Tree => {
  const tree = directoryTree('/')
  let count = 0
  return {
    ...tree,
    write: (path, value) => {
      writes.push({ path, value })
      if (paths.includes(path)) count += 1
      const meant = paths.includes(path) && count >= first && count <= (last ?? count)
      if (!meant) tree.write(path, value)
      else if (answer !== 'nothing')
        throw Object.assign(new Error(answer), { code: answer, syscall: 'write', path })
    },
  }
}

/** Runs hugepool with some of its writes tampered with; under emulation within this process. */
export const hugepoolTampered = async (
  tampering: Tampering,
  ...words: readonly string[]
): Promise<Written> => {
  if (machineName === undefined) return traced(tampering, words)
  const writes: Write[] = []
  return { ...(await within(words, { tree: tamperedTree(tampering, writes) })), writes }
}
