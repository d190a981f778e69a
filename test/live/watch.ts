import type { z } from 'zod'
import { watchSchema } from '../../src/output/schemas/watch-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { countsOf, poolPath, readNumber, setPool, sizeName, smallest } from './support/machine.ts'
import { hugepool, hugepoolLine, start, until } from './support/program.ts'

const live = liveOn('room', 'processes: holders')

const name = sizeName(smallest)

type Look = z.output<typeof watchSchema>

/** Starts a watch of the smallest pages, whose documents are read as they come. */
const watching = (...words: readonly string[]) => {
  const line = ['watch', name, '--json', '--interval', '100ms', ...words]
  const running = start([...hugepoolLine, ...line])
  const looks: Look[] = []
  let rest = ''
  running.child.stdout.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    looks.push(...lines.map((each) => watchSchema.parse(parseExact(each))))
  })
  /** Waits for the first look from now on that is as wanted. */
  const next = async (what: string, isWanted: (look: Look) => boolean): Promise<Look> => {
    const from = looks.length
    await until(what, () => looks.slice(from).some(isWanted))
    return looks.slice(from).find(isWanted) as Look
  }
  return { ...running, looks, next }
}

const poolIn = ({ pools }: Look) => pools[0]

/** Whether a look shows of the whole pool what the kernel shows now. */
const isAsNow = (look: Look): boolean => {
  const { total, free, reserved, surplus } = countsOf(smallest)
  const seen = poolIn(look)
  const wanted = [total, free, reserved, surplus, total - free].map(BigInt)
  return [seen?.total, seen?.free, seen?.reserved, seen?.surplus, seen?.inUse].every(
    (count, index) => count === wanted[index],
  )
}

const counters = [
  ...(['total', 'persistent', 'free', 'reserved', 'available'] as const),
  ...(['inUse', 'surplus', 'overcommit'] as const),
]

type Numbers = { readonly [counter in (typeof counters)[number]]?: bigint | undefined }

const sumOf = (all: readonly (bigint | undefined)[]): bigint =>
  all.reduce<bigint>((sum, each) => sum + (each ?? 0n), 0n)

/** What the changes of all looks come to, for the whole pool or a node. */
const summed = (looks: readonly Look[], node?: number) => {
  const own = looks.flatMap(({ changes }) => changes.filter((change) => change.node === node))
  return counters.map((counter) => [counter, sumOf(own.map((each) => each[counter]))])
}

const between = (first: Numbers | undefined, last: Numbers | undefined) =>
  counters.map((counter) => [counter, (last?.[counter] ?? 0n) - (first?.[counter] ?? 0n)])

/** How many pages all events tell of in such words, on whatever node. */
const told = (looks: readonly Look[], words: string): number =>
  looks
    .flatMap(({ events }) => events)
    .flatMap((event) => [...event.matchAll(new RegExp(`(\\d+) (?:pages? )?${words}`, 'g'))])
    .reduce((sum, [, digits]) => sum + Number(digits), 0)

live('watch shows a pool that is resized, and pages that come into use', async (t) => {
  setPool(smallest, 4)
  const { child, looks, next, result } = watching('--who')
  await next('the first look', isAsNow)
  setPool(smallest, 16)
  t.equal(poolIn(await next('a pool that grew', isAsNow))?.total, 16n)
  const held = await hold(smallest, { pages: 6, touch: 2 })
  const heldBy = (pages: bigint) => (look: Look) =>
    isAsNow(look) && (look.holders ?? []).some((one) => one.pages === pages)
  const first = await next('pages in use', heldBy(2n))
  t.hasStrict(poolIn(first), { total: 16n, free: 14n, reserved: 4n, available: 10n, inUse: 2n })
  t.strictSame(
    first.holders?.map(({ pid, holds, pages, reserved }) => [pid, holds, pages, reserved]),
    [[held.pid, 'mapping', 2n, 4n]],
  )
  await held.touch()
  await held.touch()
  t.hasStrict(poolIn(await next('more of them', heldBy(4n))), { inUse: 4n, reserved: 2n })
  await held.release()
  t.hasStrict(poolIn(await next('none', isAsNow)), { inUse: 0n, reserved: 0n, available: 16n })
  setPool(smallest, 3)
  const last = await next('a pool that shrank', isAsNow)
  child.kill('SIGTERM')
  t.hasStrict(await result, { status: null, signal: 'SIGTERM' })
  const seen = looks.slice(0, looks.indexOf(last) + 1)
  t.strictSame(
    seen.map(({ look }) => look),
    seen.map((_, index) => BigInt(index + 1)),
  )
  const [begin] = seen
  t.strictSame(summed(seen), between(begin && poolIn(begin), poolIn(last)))
  for (const { node, ...rest } of poolIn(last)?.nodes ?? []) {
    const before = begin && poolIn(begin)?.nodes?.find((each) => each.node === node)
    t.strictSame(summed(seen, Number(node)), between(before, rest), `node ${node}`)
  }
  t.strictSame(
    ['added', 'taken away', 'faulted in', 'given back'].map((words) => told(seen, words)),
    [12, 13, 4, 4],
  )
})

live('watch --until ends with 0 as soon as another process has grown the pool', async (t) => {
  setPool(smallest, 2)
  const { looks, next, result } = watching('--until', `${name}.available>=5`, '--timeout', '60s')
  await next('the first look', isAsNow)
  const { status } = await hugepool('resize', `${name}=5`)
  t.equal(status, 0)
  t.hasStrict(await result, { status: 0, signal: null, err: '' })
  const answers = looks.map((look) => [look.until?.holds, (poolIn(look)?.available ?? 0n) >= 5n])
  t.strictSame(answers.at(-1), [true, true])
  t.strictSame(
    answers.slice(0, -1),
    answers.slice(0, -1).map(() => [false, false]),
  )
})

live('and with 5 when the time is up, which reservations can be the reason of', async (t) => {
  setPool(smallest, 5)
  await hold(smallest, { pages: 1 })
  const { looks, result } = watching('--until', `${name}.available>=5`, '--timeout', '1s')
  t.hasStrict(await result, { status: 5, signal: null, err: '' })
  t.strictSame(
    looks.map((look) => [look.until?.holds, poolIn(look)?.available]),
    looks.map(() => [false, 4n]),
  )
  t.ok((looks.at(-1)?.elapsed ?? 0n) >= 900n, 'the last look is at the end')
  t.equal(readNumber(poolPath(smallest, 'nr_hugepages')), 5, 'and nothing was changed')
})
