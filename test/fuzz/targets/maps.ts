import { deepStrictEqual as same } from 'node:assert/strict'
import { areasIn } from '../../../src/kernel/processes/program-areas.ts'
import { mapLines } from '../../../src/kernel/processes/scan/map-lines.ts'
import { asOctets, type Octets } from '../../../src/model/etc/octets.ts'
import { readAlsoRepeated } from '../expected.ts'

const read = (text: Octets): void => {
  const lines = mapLines(text)
  // Each line is read by itself: none begins or ends in a name that somebody chose.
  same(
    text.split('\n').flatMap((line) => mapLines(asOctets(line))),
    lines,
  )
  areasIn(text)
}

/** /proc/PID/maps, in which strangers choose the names of files. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
