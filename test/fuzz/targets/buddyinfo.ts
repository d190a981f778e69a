import { deepStrictEqual as same } from 'node:assert/strict'
import { parseBuddyinfo } from '../../../src/kernel/pools/buddyinfo.ts'
import { parseMeminfo } from '../../../src/kernel/pools/meminfo.ts'
import type { Octets } from '../../../src/model/etc/octets.ts'
import { readAlsoRepeated } from '../expected.ts'

const read = (text: Octets): void => {
  for (const [node, orders] of parseBuddyinfo(text)) {
    same(node >= 0, true)
    same(
      orders.every((blocks) => blocks >= 0n),
      true,
    )
  }
  for (const [name, bytes] of parseMeminfo(text)) same(name !== '' && bytes % 1024n === 0n, true)
}

/** /proc/buddyinfo and meminfo, of the machine and of a node. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
