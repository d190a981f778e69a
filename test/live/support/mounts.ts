import { mkdirSync } from 'node:fs'
import type { z } from 'zod'
import { mountSchema } from '../../../src/output/schemas/mounts-schema.ts'
import { atEnd } from './live.ts'
import { hugetlbfsLines, sizeName, smallest } from './machine.ts'
import { hugepoolJson, native, type Result } from './program.ts'
import { temporaryDirectory } from './trace.ts'

/** From include/linux/fs.h */
const MNT_DETACH = 2

export const umount = (target: string): void => native().umount(target, 0)

const targetOf = (line: string): string =>
  (line.split(' ')[4] ?? '').replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )

/** What of hugetlbfs is mounted on a path or below it, in the kernel's own words. */
export const mountsBelow = (directory: string): readonly string[] =>
  hugetlbfsLines().filter((line) => `${targetOf(line)}/`.startsWith(`${directory}/`))

/** A directory in which everything that is mounted is gone at the end of the test, as it is itself. */
export const mountRoom = (): string => {
  const directory = temporaryDirectory()
  atEnd(() => {
    for (const line of mountsBelow(directory).toReversed())
      native().umount(targetOf(line), MNT_DETACH)
  })
  return directory
}

/** An empty directory in such a room. */
export const mountPoint = (name = 'huge'): string => {
  const directory = `${mountRoom()}/${name}`
  mkdirSync(directory)
  return directory
}

/** What a mount is told that is to have the smallest pages, which are not those of the default size everywhere. */
export const ofSmallest = ['--pagesize', sizeName(smallest)] as const

/** The document of a mount that was made, or of an error. */
export const mountJson = (
  ...words: readonly string[]
): Promise<Result & { readonly document: z.output<typeof mountSchema> }> =>
  hugepoolJson(mountSchema, 'mount', ...words)
