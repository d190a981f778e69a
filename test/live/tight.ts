import type { z } from 'zod'
import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn, snapshot } from './support/live.ts'
import {
  gigantic,
  meminfo,
  persistentOf,
  poolPath,
  setPool,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { availableOn, marginOf, nodeMeminfo } from './support/memory.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('little memory', 'gigantic pages')

type Tap = Parameters<Parameters<typeof live>[1]>[0]
type Document = z.output<typeof changeSchema>

const large = gigantic ?? 2 ** 30
const small = { size: smallest, name: sizeName(smallest) }
const huge = { size: large, name: sizeName(large) }
/** One gibibyte of memory, of which the kernel has its part. */
const narrow = 0
/** Room for five gibibytes, of which no more than four lie aligned in one piece. */
const wide = 1
/** More than the memory of the wide node, of which the kernel keeps a part. */
const all = () => Math.ceil(nodeMeminfo(wide, 'MemTotal') / smallest)
/** Available memory wavers by this while a test runs. */
const wavering = 2 ** 24

/** The rows of a table, without its headings, and of the words about it the lines. */
const lines = (text: string) => text.trim().split('\n')
const rows = (out: string) =>
  lines(out)
    .slice(1)
    .map((line) => line.split(/ +/))

const fitting = (err: string): string =>
  /^hint: the largest count that fits is \S+=(?:\d+:)?(\d+);? /m.exec(err)?.[1] ?? 'none told'

const refused = async (t: Tap, word: string, where: RegExp) => {
  const { status, out, err } = await hugepool('resize', word)
  t.strictSame({ status, out }, { status: 1, out: '' }, `${word} is refused`)
  t.match(err, where, 'with what is there and what has to remain')
  return fitting(err)
}

live('pages of 2M beyond memory are refused with the count that fits', async (t) => {
  const fits = (node: number) => (availableOn(node) - marginOf(node)) / smallest
  const near = (told: string, pages: number) =>
    t.ok(Math.abs(Number(told) - pages) <= (2 * wavering) / smallest, `${told} fit: ${pages}`)
  const pages = Math.ceil(meminfo('MemTotal') / smallest)
  const said = new RegExp(
    `^hugepool: ${pages} pages of ${small.name} would leave less than 1\\d\\dM of`,
  )
  const whole = await refused(t, `${small.name}=${pages}`, said)
  const machine = (meminfo('MemAvailable') - meminfo('MemTotal') / 50) / smallest
  near(whole, Math.min(machine, fits(narrow) + fits(wide)))
  const onWide = /would leave less than 11\dM of the 5\d\d\dM of memory available on node 1$/m
  near(await refused(t, `${small.name}=${wide}:${all()}`, onWide), fits(wide))
  const least = `${small.name}=${narrow}:${pages}`
  near(await refused(t, least, /would leave less than 64M of the \d+M/), fits(narrow))
})

live('pages of 1G beyond memory are refused with the count that fits', async (t) => {
  const onNarrow = /would leave less than 64M of the \d+M of memory available on node 0$/m
  t.equal(await refused(t, `${huge.name}=${narrow}:1`, onNarrow), '0')
  const beyond = /would leave less than (?:1\d\dM of|the margin on each of nodes 0-1)/
  t.equal(await refused(t, `${huge.name}=6`, beyond), '5', 'all of them from node 1')
  const onWide = /would leave less than 11\dM of the 5\d\d\dM of memory available on node 1$/m
  t.equal(
    await refused(t, `${huge.name}=${wide}:6`, onWide),
    '5',
    'of its memory, not of its pieces',
  )
})

/** What a pool has is what was told of it: in the table, in words, and as the kernel has it. */
const toldInWords = (t: Tap, { out, err }: { out: string; err: string }, asked: Asked) => {
  const { pages, name, size } = asked
  const got = persistentOf(size, wide)
  const row = [name, `${wide}`, '0', `${pages}`, `${got}`, `${pages - got}`, 'partial']
  t.strictSame(rows(out).at(asked.row ?? 0), row, 'the table says how much')
  const [words, hint] = lines(err)
  const short = `asked for ${pages}, got ${got}: ${pages - got} short`
  t.equal(words, `hugepool: ${name} on node ${wide}: ${short}`, 'so do the words')
  t.match(hint, asked.hint, 'and the hint names the node')
  return got
}

interface Asked {
  readonly name: string
  readonly size: number
  readonly pages: number
  readonly hint: RegExp
  readonly row?: number
}

const toldInDocument = (
  t: Tap,
  { outcome, changes, pools }: Document,
  size: number,
  pages: number,
) => {
  const got = BigInt(persistentOf(size, wide))
  const short = BigInt(pages) - got
  t.equal(outcome, 'partial')
  t.hasStrict(changes, [
    { pageSize: BigInt(size), node: wide, before: 0n, requested: BigInt(pages), after: got, short },
  ])
  t.strictSame(
    changes[0]?.shortage?.map(({ node }) => node),
    [wide],
  )
  const pool = pools.find(({ pageSize }) => pageSize === BigInt(size))
  const told = pool?.nodes?.map(({ persistent }) => persistent)
  const there = [narrow, wide].map((node) => BigInt(persistentOf(size, node)))
  t.strictSame(told, there, 'both nodes as in /sys')
}

// Node 1 is emptied down to the kernel's watermarks. Everything that runs lives on with the memory
// of node 0, of which these growths take next to nothing: the OOM killer has no reason to come.
live('a growth of 2M on a node falls short and says by how much', async (t) => {
  const pages = all()
  const result = await hugepool('resize', `${small.name}=${narrow}:5,${wide}:${pages}`, '--leave=0')
  t.equal(result.status, 64, 'is partial')
  const hint = /^hint: node 1 has \S+ free, with \d+ contiguous blocks? of 2M$/
  const got = toldInWords(t, result, { ...small, pages, hint, row: 1 })
  t.ok(got > pages * 0.9, `most of the node came: ${got}`)
  t.strictSame(rows(result.out)[0], [small.name, '0', '0', '5', '5', '0', 'done'])
  const sum = [`${pages + 5}`, `${got + 5}`, `${pages - got}`]
  t.strictSame(rows(result.out)[2], [small.name, 'sum', '0', ...sum, 'partial'])
  setPool(smallest, 0)
  const words = ['resize', `${small.name}=${wide}:${pages}`, '--leave', '0']
  const { status, document } = await hugepoolJson(changeSchema, ...words)
  t.equal(status, 64)
  toldInDocument(t, document, smallest, pages)
})

// Memory for five is there, so that nothing else is touched.
live('a growth of 1G on a node passes the check and falls short', async (t) => {
  // What ran before may lie in each of the four gibibytes: room is made for one of them.
  setPool(large, 1, wide)
  setPool(large, 0)
  const result = await hugepool('resize', `${huge.name}=${wide}:5`)
  t.equal(result.status, 64, 'is partial')
  const hint = /^hint: node 1 has \S+ free; blocks of 1G are not counted by the kernel$/
  const got = toldInWords(t, result, { ...huge, pages: 5, hint })
  t.ok(got >= 1 && got <= 4, `some came: ${got}`)
  setPool(large, 0)
  const { status, document } = await hugepoolJson(changeSchema, 'resize', `${huge.name}=${wide}:5`)
  t.equal(status, 64)
  toldInDocument(t, document, large, 5)
})

// Gigantic pages are not taken from memory in use: node 0 keeps what it has.
live('a growth of 1G over all nodes shows which of them gave', async (t) => {
  const { status, out, err } = await hugepool('resize', `${huge.name}=6`, '--leave', '0')
  t.equal(status, 64, 'is partial')
  const got = persistentOf(large)
  t.strictSame([persistentOf(large, narrow), persistentOf(large, wide)], [0, got])
  const whole = [huge.name, 'all', '0', '6', `${got}`, `${6 - got}`, 'partial']
  const spread = [0, got].map((pages, node) => [huge.name, `${node}`, '0', '-', `${pages}`])
  t.hasStrict(rows(out), [whole, ...spread])
  t.match(err, `${huge.name}: asked for 6, got ${got}: ${6 - got} short`)
})

live('what one call asks of two pools and two nodes comes wholly or not at all', async (t) => {
  setPool(smallest, 0)
  writeNumber(poolPath(smallest, 'nr_hugepages', narrow), 3)
  writeNumber(poolPath(smallest, 'nr_hugepages', wide), 5)
  const before = snapshot()
  const calls = [
    [`${small.name}=${narrow}:20,${wide}:${all()}`, `${huge.name}=${wide}:1`, '--leave=0'],
    [`${small.name}=${narrow}:20,${wide}:1`, `${huge.name}=${wide}:5`, '--leave=0'],
  ]
  for (const words of calls) {
    const { status, out, err } = await hugepool('resize', ...words, '--all-or-nothing')
    t.strictSame({ status, out }, { status: 1, out: '' }, 'is a failure')
    t.match(err, /on node 1: asked for \d+, got \d+: \d+ short/, 'says what fell short')
    t.match(err, /; put back as before: /, 'and that all is as before')
    t.strictSame(snapshot(), before, 'every pool on every node')
  }
})
