import type { Ports } from '../ports.ts'
import { ownFiles, textInside } from './text-inside.ts'

/**
 * Returns the licence of hugepool and those of all that came with it. The program that is one file
 * has Node inside, and so Node's; a package is run by a Node that came with its own.
 */
export const readLicences = ({ packaged }: Pick<Ports, 'packaged'>): string => {
  const files = ownFiles(packaged)
  const others = files.read('dist/THIRD-PARTY-LICENCES.txt')
  const ofNode = textInside('dist/NODE-LICENCES.txt', files)
  const texts = [files.read('LICENSE'), others, ...(ofNode === undefined ? [] : [ofNode])]
  return texts.map((text) => text.trim()).join('\n\n\n')
}
