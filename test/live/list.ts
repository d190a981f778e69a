import { existsSync, readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { listSchema } from '../../src/output/schemas/pools-schema.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  meminfo,
  nodes,
  poolPath,
  readNumber,
  setOvercommit,
  setPool,
  sizeName,
  sizes,
  smallest,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const countersIn = (size: number, node?: number) => {
  const read = (file: string) => readNumber(poolPath(size, file, node))
  const total = read('nr_hugepages')
  const free = read('free_hugepages')
  const surplus = read('surplus_hugepages')
  const inUse = total - free
  return { total, persistent: total - surplus, free, inUse, surplus, memory: total * size }
}

/** Before 6.1 a node without memory has no directory of the pool. */
const onNode = (size: number, node: number) => ({
  node,
  ...(existsSync(poolPath(size, '', node)) && countersIn(size, node)),
})

const demoteSize = (size: number): number | undefined => {
  const path = poolPath(size, 'demote_size')
  if (!existsSync(path)) return undefined
  const kilobytes = /^(\d+)kB\n$/.exec(readFileSync(path, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

/** What the files of a pool say, in the words of the document. */
const poolInFiles = (size: number) => {
  const { free, reserved } = countsOf(size)
  const smaller = demoteSize(size)
  return {
    pageSize: size,
    default: size === meminfo('Hugepagesize'),
    ...countersIn(size),
    reserved,
    available: free - reserved,
    overcommit: readNumber(poolPath(size, 'nr_overcommit_hugepages')),
    ...(smaller !== undefined && { demoteSize: smaller }),
    nodes: nodes.map((node) => onNode(size, node)),
  }
}

type PoolInFiles = ReturnType<typeof poolInFiles>

/** Counts as the document's schema gives them; node ids stay numbers. */
const exact = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, each) =>
    typeof each === 'number' && key !== 'node' ? BigInt(each) : each,
  )

const shown = (value: number | undefined): string => `${value ?? '-'}`

type Line = Partial<Omit<PoolInFiles, 'default' | 'nodes'>>

const cells = (size: number, place: string, line: Line, isDefault: string) =>
  [
    ...[`${size}`, place, line.total, line.persistent, line.free, line.reserved, line.available],
    ...[line.inUse, line.surplus, line.overcommit, line.memory, line.demoteSize, isDefault],
  ].map((cell) => (typeof cell === 'string' ? cell : shown(cell)))

const rowsInFiles = (): readonly (readonly string[])[] =>
  sizes.flatMap((size) => {
    const pool = poolInFiles(size)
    const whole = cells(size, 'all', pool, pool.default ? 'yes' : 'no')
    return [whole, ...pool.nodes.map(({ node, ...rest }) => cells(size, `${node}`, rest, '-'))]
  })

const rowsOf = (out: string): readonly (readonly string[])[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ +/))

/** All columns but the picture of these numbers, in the order of `cells`. */
const numbers = [
  'size,node,total,persistent,free,reserved,available',
  'in-use,surplus,overcommit,memory,demote-size,default',
].join(',')

const compare = async (t: Test): Promise<void> => {
  const { status, err, document } = await hugepoolJson(listSchema, 'list', '--per-node')
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.strictSame(document.pools, exact(sizes.map(poolInFiles)), 'the document says what /sys says')
  const words = ['list', '--per-node', '--output', numbers, '--bytes', '--noheadings']
  const rows = rowsInFiles()
  const raw = await hugepool(...words, '--raw')
  t.strictSame(rowsOf(raw.out), rows, 'so do the raw lines')
  /** For a person the default size has a mark and the others have none. */
  const marked = rows.map((row) => [...row.slice(0, -1), row.at(-1) === 'yes' ? '*' : '-'])
  t.strictSame(rowsOf((await hugepool(...words)).out), marked, 'so does the table')
  const named = rowsOf((await hugepool('list', '--output', 'size', '--noheadings')).out)
  t.strictSame(named.flat(), sizes.map(sizeName), 'sizes are written in their largest unit')
}

const anywhere = liveOn()
const live = liveOn('room')

anywhere('list says of every pool and node what the files of /sys say', compare)

live('list says so too of pages in use, reserved and surplus', async (t) => {
  setPool(smallest, 5)
  setOvercommit(smallest, 2)
  await hold(smallest, { pages: 6, touch: 2 })
  t.strictSame(countsOf(smallest), { total: 6, free: 4, reserved: 4, surplus: 1 })
  await compare(t)
  const { out } = await hugepool('list', sizeName(smallest), '-rno', 'USE')
  t.equal(out, '[#######==========+++]\n', 'of six pages two, three and one')
})
