import { deepStrictEqual as same } from 'node:assert/strict'
import { blsEntries } from '../../../src/model/boot/loaders/bls-entries.ts'
import { grubEntries } from '../../../src/model/boot/loaders/grub-menu.ts'
import type { BootEntry } from '../../../src/model/boot/loaders/loader-row.ts'
import { extlinuxEntries } from '../../../src/model/boot/loaders/u-boot-menu.ts'
import type { Octets } from '../../../src/model/etc/octets.ts'
import { partsOf, readAlsoRepeated } from '../expected.ts'

const isWhole = ({ path, line }: BootEntry): boolean =>
  typeof path === 'string' && typeof line === 'string'

const read = (text: Octets): void => {
  const [menu = text, environment = text, other = text] = partsOf(text)
  const bls = blsEntries(
    {
      texts: new Map([
        ['/boot/loader/entries/a.conf', menu],
        ['/boot/loader/entries/b-6.1.0.conf', other],
      ]),
      marks: new Set(),
      programs: new Set(),
      answers: new Map(),
      images: new Map(),
      release: '6.1.0',
      architecture: 'x86_64',
    },
    { environment, named: [other, '1'] },
  )
  same([...grubEntries(menu, '/boot/grub/grub.cfg', environment)].every(isWhole), true)
  same([...extlinuxEntries(menu), ...bls].every(isWhole), true)
  same(bls.length, 2)
}

/** The menus of boot loaders. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
