import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernelImages } from '../../vm/plan.ts'

/** What run.sh has made before the tests, in the directory that it names. */
const ready = (name: string): string => {
  const directory = process.env.HUGEPOOL_BOOT
  if (directory === undefined) throw new Error('run this with: npm run test:boot')
  return join(directory, name)
}

/** The disk with Debian, Node and hugepool, of which each test has a copy. */
export const freshDisk = (): string => ready('debian.ext4')

/** What the initramfs of every boot begins with. */
export const startArchive = (): Buffer => readFileSync(ready('start.cpio'))

/** Path of the kernel of a series. */
export const kernelOf = (series: string): string => {
  const path = kernelImages(readFileSync(ready('kernels'), 'utf8')).get(series)
  if (path === undefined) throw new Error(`run.sh has got no kernel ${series}`)
  return path
}
