import { existsSync, writeFileSync } from 'node:fs'
import { errnoOf } from '../../src/kernel/errno.ts'
import { listSchema } from '../../src/output/schemas/pools-schema.ts'
import { hold } from './support/holder.ts'
import { kernelHas } from './support/kernels.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  gigantic,
  memorylessNodes,
  memoryNodes,
  persistentOf,
  poolPath,
  readNumber,
  setOvercommit,
  setPool,
  sizeName,
  sizes,
  smallest,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const name = sizeName(smallest)
const large = gigantic ?? 0
const setting = (file: string) => `/proc/sys/vm/${file}`

/** What the kernel itself answers to a write in which hugepool has no part. */
const answerTo = (path: string, value: string): string => {
  try {
    writeFileSync(path, `${value}\n`)
    return 'done'
  } catch (error) {
    return errnoOf(error) ?? 'no errno'
  }
}

liveOn()('pools of larger pages can be split, where the kernel can', async (t) => {
  const { document } = await hugepoolJson(listSchema, 'list')
  for (const [index, size] of sizes.entries()) {
    const splits = size !== smallest && kernelHas('demote')
    t.equal(existsSync(poolPath(size, 'demote')), splits, sizeName(size))
    t.equal(document.pools[index]?.demoteSize !== undefined, splits, 'list says so')
    const { status } = await hugepool('demote', `${sizeName(size)}=0`, '--dry-run')
    t.equal(status, splits ? 0 : 4, 'and so does demote')
  }
})

liveOn('room', 'demote (Linux 5.16)')(
  'newer kernels split reserved pages too, hugepool never does',
  async (t) => {
    setPool(large, 2)
    const holding = await hold(large, { pages: 1 })
    const path = poolPath(large, 'demote')
    const lost = kernelHas('demoteTakesReserved')
    t.equal(answerTo(path, '3'), lost ? 'EBUSY' : 'done', 'the answer to a write of 3')
    const left = lost ? 0 : 1
    t.strictSame(countsOf(large), { total: left, free: left, reserved: 1, surplus: 0 })
    await holding.release()
    setPool(smallest, 0)
    setPool(large, 2)
    await hold(large, { pages: 1 })
    t.equal((await hugepool('demote', `${sizeName(large)}=2`)).status, 64, 'hugepool splits one')
    t.strictSame(countsOf(large), { total: 1, free: 1, reserved: 1, surplus: 0 })
  },
)

liveOn('room', 'gigantic pages')('overcommit of gigantic pages came with 6.19', async (t) => {
  const path = poolPath(large, 'nr_overcommit_hugepages')
  const here = kernelHas('giganticOvercommit')
  t.equal(answerTo(path, '1'), here ? 'done' : 'EINVAL')
  t.equal(readNumber(path), here ? 1 : 0)
  const { status } = await hugepool('overcommit', `${sizeName(large)}=2`)
  t.strictSame([status, readNumber(path)], here ? [0, 2] : [4, 0], 'so it is with hugepool')
})

liveOn('room')('memory is compacted for a 1, on older kernels for any word', async (t) => {
  const path = setting('compact_memory')
  t.equal(answerTo(path, '1'), 'done')
  t.equal(answerTo(path, '0'), kernelHas('compactionTakesOnlyOne') ? 'EINVAL' : 'done')
})

liveOn('room')('a negative number of pages is refused or ignored, never obeyed', async (t) => {
  setPool(smallest, 3)
  const answer = answerTo(setting('nr_hugepages'), '-1')
  t.equal(answer, kernelHas('negativeIsInvalid') ? 'EINVAL' : 'done')
  t.equal(persistentOf(smallest), 3)
  t.equal(answerTo(poolPath(smallest, 'nr_hugepages'), '-1'), 'EINVAL', 'in /sys it always was')
  t.equal((await hugepool('resize', `${name}=-1`)).status, 0, 'hugepool takes it as one page less')
  t.equal(persistentOf(smallest), 2)
})

liveOn('room', 'several nodes with memory')(
  'older kernels give a node too many pages while others have surplus; hugepool gives it its own',
  async (t) => {
    setPool(smallest, 0)
    setOvercommit(smallest, 2)
    await hold(smallest, { pages: 2, touch: 2 })
    const surplusOn = (node: number) => readNumber(poolPath(smallest, 'surplus_hugepages', node))
    const target = memoryNodes.find((node) => surplusOn(node) === 0) ?? -1
    const path = poolPath(smallest, 'nr_hugepages', target)
    t.equal(countsOf(smallest).surplus, 2, `all of it on nodes other than ${target}`)
    t.equal(answerTo(path, '3'), 'done')
    t.equal(readNumber(path), kernelHas('nodeFilesHeedSurplus') ? 3 : 5)
    setPool(smallest, 0)
    t.equal((await hugepool('resize', `${name}=${target}:3`)).status, 0)
    t.equal(readNumber(path), 3, 'asked by hugepool')
    t.equal(countsOf(smallest).surplus, 2)
  },
)

liveOn('a node without memory')(
  'a node without memory has pools that take no page, or none at all',
  async (t) => {
    const node = memorylessNodes[0] ?? -1
    const path = poolPath(smallest, 'nr_hugepages', node)
    const here = kernelHas('memorylessDirectories')
    t.equal(answerTo(path, '3'), here ? 'done' : 'ENOENT')
    t.equal(countsOf(smallest).total, 0)
    const { document } = await hugepoolJson(listSchema, 'list', '--per-node', name)
    const listed = document.pools[0]?.nodes?.find((each) => each.node === node)
    const nothing = { total: 0n, persistent: 0n, free: 0n, inUse: 0n, surplus: 0n, memory: 0n }
    t.strictSame(listed, { node, ...(here && nothing) })
  },
)

const settings = {
  hugetlb_optimize_vmemmap: 'vmemmapSetting',
  enable_soft_offline: 'softOfflineSetting',
  movable_gigantic_pages: 'movableGiganticSetting',
} as const

liveOn('a kernel of the laboratory')('settings of the kernel came with versions', async (t) => {
  for (const [file, feature] of Object.entries(settings))
    t.equal(existsSync(setting(file)), kernelHas(feature), file)
})
