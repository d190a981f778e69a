import t from 'tap'
import {
  recommendFreeVmemmap,
  recommendMinFree,
  recommendShmall,
  recommendShmmax,
} from '../../../../src/model/config/tune/recommended-values.ts'
import type { TuneFacts } from '../../../../src/model/config/tune/tune-facts.ts'
import { G, M } from '../../../helpers/sizes.ts'

const bare: TuneFacts = { pools: [], basePage: 4096n }
const pools = [
  { size: 2n * M, persistent: 512n, most: 1024n },
  { size: G, persistent: 1n, most: 1n },
]

t.test('the largest pool bounds a segment, and all pools together all segments', async (t) => {
  t.strictSame(recommendShmmax({ ...bare, pools }), {
    value: 2n * G,
    why: 'one segment can have all pages of the 2M pool',
  })
  t.strictSame(recommendShmmax({ ...bare, pools: pools.slice(1) })?.value, G)
  const alike = [{ size: 2n * M, persistent: 0n, most: 512n }, ...pools.slice(1)]
  t.match(recommendShmmax({ ...bare, pools: alike })?.why, /the 2M pool$/, 'the first of two')
  t.strictSame(recommendShmall({ ...bare, pools }), {
    value: (3n * G) / 4096n,
    why: 'segments can have all pages of all pools',
  })
  t.equal(recommendShmall({ ...bare, pools, basePage: 65536n })?.value, (3n * G) / 65536n)
})

t.test('empty pools are no reason', async (t) => {
  const empty = { ...bare, pools: [{ size: 2n * M, persistent: 0n, most: 0n }] }
  for (const facts of [bare, empty]) {
    t.equal(recommendShmmax(facts), undefined)
    t.equal(recommendShmall(facts), undefined)
    t.equal(recommendFreeVmemmap(facts), undefined)
  }
})

t.test('what keeps blocks whole, as the kernel has it', async (t) => {
  const facts = { ...bare, memory: 16n * G, thpSize: 2n * M, zones: 3n }
  t.strictSame(recommendMinFree(facts), {
    value: 66n * M,
    why: 'keeps blocks of 2M whole: 11 in each of 3 zones',
  })
  t.strictSame(recommendMinFree({ ...facts, zones: 1n }), {
    value: 22n * M,
    why: 'keeps blocks of 2M whole: 11 in the only zone',
  })
  t.equal(recommendMinFree({ ...facts, memory: 1000n * 1024n })?.value, 50n * 1024n, 'a twentieth')
  for (const missing of ['memory', 'thpSize', 'zones'])
    t.equal(
      recommendMinFree(
        Object.fromEntries(Object.entries(facts).filter(([key]) => key !== missing)) as never,
      ),
      undefined,
    )
})

t.test('page structs are worth it from 16 MiB on', async (t) => {
  const saving = (persistent: bigint) =>
    recommendFreeVmemmap({ ...bare, pools: [{ size: 2n * M, persistent, most: 0n }] })
  t.equal(saving(585n), undefined)
  t.strictSame(saving(586n), {
    value: 1n,
    why: 'pools of this size would save 16M once they are made anew',
  })
  const exactly = (persistent: bigint) =>
    recommendFreeVmemmap({ ...bare, pools: [{ size: M / 2n, persistent, most: 0n }] })?.value
  t.strictSame([exactly(4095n), exactly(4096n)], [undefined, 1n], 'a page of 4K of each')
  const small = [{ size: 65536n, persistent: 1_000_000n, most: 1_000_000n }]
  t.equal(recommendFreeVmemmap({ ...bare, pools: small }), undefined, 'structs of one page alone')
})
