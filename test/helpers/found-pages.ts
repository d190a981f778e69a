import type { FoundArea, FoundFile, FoundPages } from '../../src/model/processes/who/found-pages.ts'
import type { HolderProcess } from '../../src/model/processes/who/page-hold.ts'
import { M } from './sizes.ts'

/** What a scan collects, before it found anything. */
export const emptyScan = {
  files: new Map(),
  areas: [],
  descriptors: [],
  segments: [],
  mounts: [],
  buffers: [],
  inFlight: [],
  pinned: new Map(),
  unseen: new Map(),
}

export const nothingFound: FoundPages = {
  ...emptyScan,
  onlyNode: 0,
  userOf: (uid) => (uid === 0 ? 'root' : undefined),
}

export const processNumber = (pid: number, parent = 1): HolderProcess => ({
  pid,
  parent,
  uid: 0,
  user: 'root',
  command: 'zoo',
})

/** A private area whose pages have these frames; of a file with a path that is shared. */
export const areaOf = (
  pid: number,
  {
    frames = [],
    length = 4n,
    ...rest
  }: Partial<FoundArea> & { readonly frames?: readonly number[] },
): FoundArea => ({
  process: processNumber(pid),
  key: '00:10:1',
  size: 2n * M,
  path: '/anon_hugepage (deleted)',
  isPrivate: true,
  address: '7f0000000000',
  first: 0n,
  length,
  own: { frames, alone: 0n, together: 0n },
  present: BigInt(frames.length),
  frameNodes: new Map(),
  ...rest,
})

export const fileOf = (key: string, pages: bigint | undefined, rest: Partial<FoundFile> = {}) => {
  const file = { key, size: 2n * M, path: '/mnt/huge/f', isNamed: true, uid: 0, ...rest }
  return [key, pages === undefined ? file : { ...file, pages }] as const
}
