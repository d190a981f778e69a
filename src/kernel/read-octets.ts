import { readFileSync } from 'node:fs'
import { asOctets, type Octets } from '../model/etc/octets.ts'

/** Reads all octets of a file outside of the tree, by its path or descriptor. */
export const readOctets = (file: string | number): Octets => asOctets(readFileSync(file, 'latin1'))
