import { writeFileSync } from 'node:fs'
import { mountsSchema } from '../../src/output/schemas/mounts-schema.ts'
import { hold } from './support/holder.ts'
import { liveOn, snapshot } from './support/live.ts'
import { countsOf, defaultSize, gigantic, setPool, sizeName, sizes } from './support/machine.ts'
import { mountJson, mountPoint, mountsBelow, umount } from './support/mounts.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const anywhere = liveOn('time for what the kernel alone decides')
const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
const withGigantic = liveOn('room', 'gigantic pages')

const name = sizeName(defaultSize)
const pagesOf = (count: number, size = defaultSize) => BigInt(count * size)
const amount = (count: number) => `${count * defaultSize}`

const mountedNow = async (target: string) => {
  const { document } = await hugepoolJson(mountsSchema, 'mounts')
  const found = document.mounts.find((mount) => mount.target === target)
  if (found === undefined) throw new Error(`${target} is not mounted`)
  return found
}

/** The bar of a mount, as a pipe has it where it is asked for, and a terminal in ASCII. */
const barOf = async (target: string) => {
  const { out } = await hugepool('mounts', '-rno', 'TARGET,USE')
  const line = out.split('\n').find((each) => each.startsWith(`${target} `))
  return line?.slice(target.length + 1)
}

live('limits in bytes', async (t) => {
  setPool(defaultSize, 8)
  const target = mountPoint()
  const words = ['--size', amount(4), '--min-size', amount(2), '--nr-inodes', '9']
  const { status, err, document } = await mountJson(target, ...words)
  t.strictSame({ status, err, outcome: document.outcome }, { status: 0, err: '', outcome: 'done' })
  t.hasStrict(document.mounts[0], {
    target,
    pageSize: BigInt(defaultSize),
    size: pagesOf(4),
    minSize: pagesOf(2),
    inodes: 9n,
    used: 0n,
    free: pagesOf(4),
    files: 0n,
  })
  t.equal(await barOf(target), '[==========..........]')
  const [line] = mountsBelow(target)
  t.match(line, `,nr_inodes=9,`)
  t.match(line, `,size=${4 * defaultSize},min_size=${2 * defaultSize}`)
})

live('limits as shares of the persistent pages', async (t) => {
  setPool(defaultSize, 9)
  const target = mountPoint()
  const { status, document } = await mountJson(target, '--size', '50%', '--min-size', '25%')
  t.equal(status, 0)
  t.hasStrict(document.mounts[0], { size: pagesOf(4), minSize: pagesOf(2) }, 'rounded down')
  umount(target)
  const more = await mountJson(target, '--size', '200%')
  t.hasStrict(more.document.mounts[0], { size: pagesOf(18) })
})

withGigantic('limits of the largest pages', async (t) => {
  const size = gigantic ?? 0
  setPool(size, 2)
  const target = mountPoint()
  const page = ['--pagesize', sizeName(size)]
  const words = [...page, '--size', `${2 * size}`, '--min-size', `${size}`]
  const { status, document } = await mountJson(target, ...words)
  t.equal(status, 0)
  t.hasStrict(document.mounts[0], {
    pageSize: BigInt(size),
    size: pagesOf(2, size),
    minSize: BigInt(size),
  })
  t.equal(countsOf(size).reserved, 1)
  t.match(mountsBelow(target)[0], `pagesize=${size / 2 ** 20}M,`)
  t.equal((await hugepool('mount', target, ...words)).status, 0, 'the same again')
  umount(target)
  t.equal(countsOf(size).reserved, 0)
  const share = await mountJson(target, ...page, '--size', '50%', '--min-size', '50%')
  t.hasStrict(share.document.mounts[0], { size: BigInt(size), minSize: BigInt(size) })
  umount(target)
  const small = await hugepool('mount', target, ...page, '--size', name)
  t.equal(small.status, 2, 'the kernel would make a limit of 0 of it')
  t.match(small.err, `--size ${name} is less than a page of ${sizeName(size)}`)
})

live('no file can take more than size', async (t) => {
  setPool(defaultSize, 8)
  const target = mountPoint()
  await mountJson(target, '--size', amount(3))
  const shared = { sharing: 'shared' } as const
  const file = `${target}/one`
  const holding = await hold(defaultSize, { ...shared, pages: 2, touch: 1, file })
  t.hasStrict(
    await mountedNow(target),
    { used: pagesOf(2), free: pagesOf(1), files: 1n },
    'reserved too',
  )
  t.equal(await barOf(target), '[#############.......]')
  await t.rejects(hold(defaultSize, { ...shared, pages: 2, file: `${target}/two` }), {
    code: 'ENOMEM',
  })
  await t.rejects(
    hold(defaultSize, { ...shared, pages: 2, touch: 2, noReserve: true, file: `${target}/three` }),
    { code: 'SIGBUS' },
  )
  t.ok(countsOf(defaultSize).free >= 4, 'though the pool has pages')
  await holding.release()
  t.match(await mountedNow(target), { files: 3n }, 'files stay')
})

anywhere('no more files than inodes', async (t) => {
  const target = mountPoint()
  t.equal((await hugepool('mount', target, '--nr-inodes', '3')).status, 0)
  for (const each of ['one', 'two']) writeFileSync(`${target}/${each}`, '')
  t.throws(() => writeFileSync(`${target}/three`, ''), { code: 'ENOSPC' })
  t.match(await mountedNow(target), { inodes: 3n, files: 2n })
})

live('min-size is reserved at once, used first, and given back', async (t) => {
  setPool(defaultSize, 6)
  const target = mountPoint()
  const whole = { total: 6, free: 6, reserved: 0, surplus: 0 }
  t.equal((await hugepool('mount', target, '--min-size', amount(4))).status, 0)
  t.strictSame(countsOf(defaultSize), { ...whole, reserved: 4 })
  t.equal(await barOf(target), '[====================]')
  const holding = await hold(defaultSize, {
    ...{ pages: 3, touch: 1, sharing: 'shared', file: `${target}/file` },
  })
  t.strictSame(countsOf(defaultSize), { ...whole, free: 5, reserved: 3 }, 'out of the guarantee')
  t.equal((await mountedNow(target)).used, BigInt(defaultSize), 'what its file has')
  t.equal(await barOf(target), '[#####===============]')
  await holding.release()
  umount(target)
  t.strictSame(countsOf(defaultSize), whole)
})

live('a guarantee that the pool cannot give is refused with figures', async (t) => {
  setPool(defaultSize, 4)
  const target = mountPoint()
  await hold(defaultSize, { pages: 1 })
  const before = snapshot()
  const { status, err } = await hugepool('mount', target, '--min-size', amount(5))
  t.equal(status, 1)
  t.equal(
    err,
    `hugepool: --min-size takes 5 pages of ${name}, but 3 are available (free - reserved)
hint: 'hugepool resize ${name}=6' makes room
`,
  )
  t.strictSame(mountsBelow(target), [])
  t.strictSame(snapshot(), before)
  setPool(defaultSize, 6)
  t.equal((await hugepool('mount', target, '--min-size', amount(5))).status, 0, 'as the hint says')
})

live('limits that would not hold a page are refused', async (t) => {
  setPool(defaultSize, 0)
  const target = mountPoint()
  for (const [words, status] of [
    [['--size', '0'], 2],
    [['--size', '50%'], 1],
    [['--min-size', '50%'], 1],
    [['--size', `${defaultSize / 2}`], 2],
    [['--size', `${defaultSize + defaultSize / 2}`], 2],
    [['--size', amount(1), '--min-size', amount(2)], 2],
    [['--nr-inodes', '1'], 2],
  ] as const)
    t.equal((await hugepool('mount', target, ...words)).status, status, words.join(' '))
  t.strictSame(mountsBelow(target), [])
})

anywhere('mounts of every page size side by side', async (t) => {
  const targets = sizes.map((size) => ({ size, target: mountPoint(sizeName(size)) }))
  for (const { size, target } of targets)
    t.equal((await hugepool('mount', target, '--pagesize', sizeName(size))).status, 0)
  for (const { size, target } of targets)
    t.hasStrict(await mountedNow(target), { pageSize: BigInt(size), hidden: false })
})
