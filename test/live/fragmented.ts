import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { answered, differing, doctor } from './support/answers.ts'
import { liveOn, snapshot } from './support/live.ts'
import { persistentOf, setOvercommit, sizeName, smallest } from './support/machine.ts'
import { nodeMeminfo, readyPages } from './support/memory.ts'
import { breakUp, fixed, movable } from './support/pieces.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('memory in pieces')

const name = sizeName(smallest)
/** What is asked of a node: there is so much memory, and far less of it lies ready in one piece. */
const pages = [100, 50] as const
const onBoth = `${name}=${fixed}:${pages[fixed]},${movable}:${pages[movable]}`

/** Free memory wavers by this many MiB while it is read twice. */
const wavering = 8

const persistent = (): [number, number] => [
  persistentOf(smallest, fixed),
  persistentOf(smallest, movable),
]

/** What the hints tell of each node: free memory in MiB, and blocks that hold a page. */
const hints = (err: string) =>
  [
    ...err.matchAll(/^hint: node (\d) has ([\d.]+)M free, with (\d+) contiguous blocks? of 2M$/gm),
  ].map(([, node, free, blocks]) => ({
    node: Number(node),
    free: Number(free),
    blocks: Number(blocks),
  }))

live('a growth in memory in pieces gets what lies ready and says so', async (t) => {
  await breakUp()
  const { status, out, err } = await hugepool('resize', onBoth)
  t.equal(status, 64, 'is partial')
  const got = persistent()
  for (const node of [fixed, movable] as const) {
    const short = pages[node] - got[node]
    t.ok(short > 0, `node ${node} gave ${got[node]}`)
    const figures = `${node} +0 +${pages[node]} +${got[node]} +${short} +partial`
    t.match(out, new RegExp(`^${name} +${figures}$`, 'm'), 'the table says how much')
    t.ok((readyPages()[node] ?? 0) < short, 'not so many blocks are whole')
    const words = `asked for ${pages[node]}, got ${got[node]}: ${short} short`
    t.match(err, `hugepool: ${name} on node ${node}: ${words}\n`, 'so do the words')
  }
  t.match(err, /^hint: --compact asks the kernel to make contiguous memory and tries again$/m)
})

/** Asks for more than there is until the free blocks stay as they are meanwhile. */
const whileSteady = async <T>(ask: () => Promise<T>): Promise<T & { ready: readonly number[] }> => {
  for (let round = 0; round < 8; round += 1) {
    const before = readyPages()
    const result = await ask()
    const ready = readyPages()
    if (before.every((blocks, node) => blocks === ready[node])) return { ...result, ready }
  }
  throw new Error('/proc/buddyinfo never holds still')
}

/** The free memory of both nodes, which other processes take a part of meanwhile. */
const freeMebibytes = (): ReadonlyMap<number, number> =>
  new Map([fixed, movable].map((node) => [node, nodeMeminfo(node, 'MemFree') / 2 ** 20]))

live('the hints tell the free memory and the blocks of each node', async (t) => {
  await breakUp()
  const { status, err, ready, before } = await whileSteady(async () => {
    const before = freeMebibytes()
    return { before, ...(await hugepool('resize', onBoth)) }
  })
  const after = freeMebibytes()
  t.equal(status, 64, 'is partial')
  const told = hints(err)
  t.strictSame(
    told.map(({ node, blocks }) => ({ node, blocks })),
    [fixed, movable].map((node) => ({ node, blocks: ready[node] })),
    'both nodes, as /proc/buddyinfo has them',
  )
  for (const { node, free } of told) {
    const [one = 0, two = 0] = [before.get(node), after.get(node)]
    const isThere = free > Math.min(one, two) - wavering && free < Math.max(one, two) + wavering
    t.ok(isThere, `node ${node} has ${free} of ${one} and then ${two} MiB`)
  }
  const json = await whileSteady(() => hugepoolJson(changeSchema, 'resize', onBoth))
  const inDocument = json.document.changes.map(({ shortage }) => shortage?.[0]?.ready)
  t.strictSame(inDocument, json.ready.map(BigInt), 'and so has the document')
})

live('doctor does not promise what has to be made of memory in pieces', async (t) => {
  await breakUp()
  setOvercommit(smallest, pages[movable])
  const line = `${name}=${pages[movable]}`
  t.equal(await answered(line), 'unknown')
  t.strictSame(differing(line, await doctor(line)), [], 'whatever the kernel makes of it')
})

live('--compact gains the pages of a request that fell short', async (t) => {
  await breakUp()
  const whole = 2 * pages[movable]
  const words = ['resize', `${name}=${whole}`]
  t.equal((await hugepool(...words)).status, 64, 'falls short without it')
  const [, before] = persistent()
  const { status, out, err } = await hugepool(...words, '--compact')
  t.strictSame({ status, err }, { status: 0, err: '' }, 'is done with it')
  const [onFixed, onMovable] = persistent()
  t.equal(onFixed + onMovable, whole, 'the nodes together have them')
  t.ok(onMovable > before, `node ${movable} has ${onMovable} in place of ${before}`)
  t.match(out, new RegExp(`^${name} +${movable} +${before} +- +${onMovable} +- +-$`, 'm'))
})

live('--compact gains what can be moved and tells what is still short', async (t) => {
  await breakUp()
  t.equal((await hugepool('resize', onBoth)).status, 64, 'falls short on both nodes without it')
  const [, before] = persistent()
  t.ok(before < pages[movable], `node ${movable} had ${before}`)
  const { status, err, document } = await hugepoolJson(changeSchema, 'resize', onBoth, '--compact')
  t.equal(status, 64, 'on one of them with it')
  const [after, gained] = persistent()
  t.equal(gained, pages[movable], `node ${movable} has ${gained} in place of ${before}`)
  t.ok(after < pages[fixed], `node ${fixed} has ${after}`)
  const short = BigInt(pages[fixed] - after)
  t.hasStrict(document.changes, [
    { node: fixed, requested: BigInt(pages[fixed]), after: BigInt(after), short },
    { node: movable, after: BigInt(gained), short: 0n, outcome: 'done' },
  ])
  t.strictSame(
    hints(err).map(({ node }) => node),
    [fixed],
    'the hint is on the node that is short',
  )
  t.notMatch(err, '--compact', 'and does not ask for what was done')
})

live('what --compact gained is put back too where all was wanted or nothing', async (t) => {
  const before = snapshot()
  const { status, err } = await hugepool('resize', onBoth, '--compact', '--all-or-nothing')
  t.equal(status, 1, 'is a failure')
  t.match(err, `${name} on node ${fixed}: asked for ${pages[fixed]}, got `, 'says why')
  t.match(err, `; put back as before: ${name}\n`, 'and that all is as before')
  t.strictSame(snapshot(), before, 'every pool on every node')
})
