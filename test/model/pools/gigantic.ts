import t from 'tap'
import {
  basePageFor,
  confinedTo,
  isGigantic,
  largestBlockFor,
} from '../../../src/model/pools/gigantic.ts'
import { machineOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const K = 1024n

/** The sizes of an architecture, its base page, and those of its sizes that are gigantic. */
const architectures = {
  x86: [[2n * M, G], 4n * K, [G]],
  'x86 without pdpe1gb': [[2n * M], 4n * K, []],
  s390: [[M, 2n * G], 4n * K, [2n * G]],
  'arm64, 4K': [[64n * K, 2n * M, 32n * M, G], 4n * K, [32n * M, G]],
  'arm64, 16K': [[2n * M, 32n * M, G], 16n * K, [G]],
  'arm64, 64K': [[2n * M, 512n * M, 16n * G], 64n * K, [16n * G]],
  powerpc: [[16n * M, 16n * G], 64n * K, [16n * G]],
  sparc64: [[64n * K, 8n * M, 256n * M, 2n * G], 8n * K, [256n * M, 2n * G]],
} as const

for (const [name, [sizes, basePage, gigantic]] of Object.entries(architectures))
  t.test(`pages above the largest block are gigantic: ${name}`, async (t) => {
    t.equal(basePageFor(sizes), basePage)
    const machine = { largestBlock: largestBlockFor(sizes, basePage) }
    t.strictSame(
      sizes.filter((size) => isGigantic(machine, size)),
      gigantic,
    )
  })

t.test('a page of the largest order is not gigantic', async (t) => {
  const of = (size: bigint) => isGigantic({ largestBlock: 4n * M }, size)
  t.strictSame([2n * M, 4n * M, 8n * M].map(of), [false, false, true])
})

t.test('a cpuset confines all pages but gigantic ones', async (t) => {
  const pools = [poolOf(2n * M), poolOf(32n * M)]
  const machine = { ...machineOf(pools, []), allowedNodes: [1] }
  t.strictSame(confinedTo(machine, 2n * M), [1])
  t.equal(confinedTo(machine, 32n * M), undefined)
  t.strictSame(confinedTo({ ...machine, largestBlock: 32n * M }, 32n * M), [1])
  t.equal(confinedTo(machineOf(pools, []), 2n * M), undefined)
})
