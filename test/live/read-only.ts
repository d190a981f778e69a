import { errorSchema } from '../../src/output/schemas/parts.ts'
import { changeSchema, dryRunSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn, snapshot } from './support/live.ts'
import { gigantic, memoryNodes, persistentOf, poolPath, smallest } from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('a read-only /sys', 'gigantic pages', 'several nodes with memory')

const hint =
  'this looks like a container: run hugepool on the host, or mount /sys and /proc/sys writable'

/** What the machine was prepared with: 5 pages of 2M on node 0 and 3 on node 1, overcommit 2. */
const prepared = [5, 3]

/** Requests, and the file that each would write to first. */
const changes: readonly (readonly [words: readonly string[], file: string])[] = [
  [['resize', '2M=9'], poolPath(smallest, 'nr_hugepages')],
  [['resize', '2M=0'], poolPath(smallest, 'nr_hugepages')],
  [['resize', '2M=1:4'], poolPath(smallest, 'nr_hugepages', 1)],
  [['resize', '2M=0:4,1:2'], poolPath(smallest, 'nr_hugepages', 0)],
  [['resize', '2M=9', '--all-or-nothing'], poolPath(smallest, 'nr_hugepages')],
  [['resize', '2M=9', '--compact'], poolPath(smallest, 'nr_hugepages')],
  [['resize', '2M=9', '--mempolicy', 'bind:1'], poolPath(smallest, 'nr_hugepages_mempolicy')],
  [['resize', '1G=1', '2M=9'], poolPath(gigantic ?? 0, 'nr_hugepages')],
  [['overcommit', '2M=7'], poolPath(smallest, 'nr_overcommit_hugepages')],
]

live('every change of a read-only /sys is refused as what it is, a container', async (t) => {
  t.strictSame(
    memoryNodes.map((node) => persistentOf(smallest, node)),
    prepared,
  )
  const before = snapshot()
  for (const [words, file] of changes) {
    const message = `${file}: read-only file system`
    const err = `hugepool: ${message}\nhint: ${hint}\n`
    const result = await hugepool(...words)
    t.strictSame(result, { status: 3, signal: null, out: '', err }, words.join(' '))
    const { status, document } = await hugepoolJson(errorSchema, ...words)
    const error = { code: 'E_PERMISSION', reason: 'read-only', message, hint, hints: [hint] }
    t.strictSame({ status, error: document.error }, { status: 3, error }, 'and as a document')
  }
  t.strictSame(snapshot(), before, 'nothing was done')
})

live('a demotion of a read-only /sys without pages to split fails for want of them', async (t) => {
  const { status, err } = await hugepool('demote', '1G=1')
  t.equal(status, 1)
  t.match(err, /no page of 1G can be split/)
})

live('a dry run says on a read-only /sys what would be written', async (t) => {
  const path = poolPath(smallest, 'nr_hugepages')
  const dry = await hugepool('resize', '2M=9', '--dry-run')
  const message = `${path}: read-only file system`
  const err = `hugepool: note: the real run would be refused: ${message}\nhint: ${hint}\n`
  t.strictSame(dry, { status: 0, signal: null, out: `echo 9 > ${path}\n`, err })
  const { document } = await hugepoolJson(dryRunSchema, 'resize', '2M=1:4', '--dry-run')
  t.strictSame(document.writes, [{ path: poolPath(smallest, 'nr_hugepages', 1), value: 4n }])
  t.hasStrict(document.denied, { code: 'E_PERMISSION', reason: 'read-only' })
})

live('what is there already is no change on a read-only /sys either', async (t) => {
  for (const words of [
    ['resize', '2M=8'],
    ['resize', '2M=0:5,1:3'],
    ['overcommit', '2M=2'],
  ]) {
    const { status, err, document } = await hugepoolJson(changeSchema, ...words)
    t.strictSame({ status, err }, { status: 0, err: '' }, words.join(' '))
    t.equal(document.outcome, 'unchanged')
  }
})
