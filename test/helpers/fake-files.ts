import { present } from '../../src/model/words/present.ts'
import type { Mapping as Pages } from './fake-kernel/fake-kernel.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import type { FakeTurns } from './fake-turns.ts'

/** What mappings of one file share: its pages, in the order in which they were touched. */
export interface Inode {
  pages?: Pages
  readonly order: number[]
  bytes: bigint
  /** Descriptors and mappings: the pages go with the last of them. */
  users: number
}

export const newInode = (bytes = 0n): Inode => ({ order: [], bytes, users: 0 })

export const releaseInode = (inode: Inode): void => {
  inode.users -= 1
  if (inode.users === 0) inode.pages?.unmap()
}

/** Files that are there as long as anybody has them open or they have a name. */
export const fakeFiles = (existing: FakeTurns['existing']) => {
  const files = new Map<number, Inode>()
  const named = new Map<string, Inode>()
  const open = new Set<number>()
  let last = 1000
  const nextNumber = (): number => {
    last += 1
    return last
  }
  const opened = (inode: Inode): number => {
    const descriptor = nextNumber()
    open.add(descriptor)
    files.set(descriptor, inode)
    inode.users += 1
    return descriptor
  }
  return {
    open,
    nextNumber,
    opened,
    inodeOf: (descriptor: number): Inode | undefined => files.get(descriptor),
    openExisting: (path: string) => {
      const file = existing.get(path)
      if (file === undefined) throw systemError('ENOENT', 'stat', path)
      // Its name is a user of it as well.
      const inode = named.get(path) ?? { ...newInode(file.bytes), users: 1 }
      named.set(path, inode)
      return present({ descriptor: opened(inode), pageSize: file.pageSize })
    },
    close: (descriptor: number): void => {
      const inode = files.get(descriptor)
      if (!open.delete(descriptor) || inode === undefined) throw systemError('EBADF', 'close')
      releaseInode(inode)
    },
    isNamed: (descriptor: number): boolean =>
      [...named.values()].some((inode) => inode === files.get(descriptor)),
    unlink: (path: string): void => {
      const inode = named.get(path)
      named.delete(path)
      if (inode) releaseInode(inode)
    },
  }
}

export type FakeFiles = ReturnType<typeof fakeFiles>
