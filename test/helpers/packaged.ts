import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Packaged } from '../../src/model/packaged.ts'

const top = join(import.meta.dirname, '../..')

/** The files of this checkout, in which every manual page stands for its own text. */
export const packaged: Packaged = {
  fileOf: (name) => join(top, name),
  read: (name) => readFileSync(join(top, name.replace('man/text/', 'man/')), 'utf8'),
}
