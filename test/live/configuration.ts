import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { mountRecordPath } from '../../src/kernel/config/mount-record.ts'
import {
  applySchema,
  checkSchema,
  plannedApplySchema,
} from '../../src/output/schemas/desired-schema.ts'
import { atEnd, liveOn } from './support/live.ts'
import {
  meminfo,
  memoryNodes,
  persistentOf,
  poolPath,
  readNumber,
  setOvercommit,
  setPool,
  sizeName,
  smallest,
} from './support/machine.ts'
import { mountRoom, mountsBelow } from './support/mounts.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { changing, temporaryDirectory, trace, writingCalls } from './support/trace.ts'

const live = liveOn('room')
const traced = liveOn('room', 'processes: tracing')

const name = sizeName(smallest)
const [first = 0] = memoryNodes

/** The record of mounts is as it was at the end of the test. */
const keepRecord = (): void => {
  const [directory, before] = [
    existsSync(dirname(mountRecordPath)),
    existsSync(mountRecordPath) ? readFileSync(mountRecordPath) : undefined,
  ]
  atEnd(() => {
    if (before !== undefined) writeFileSync(mountRecordPath, before)
    else if (directory) rmSync(mountRecordPath, { force: true })
    else rmSync(dirname(mountRecordPath), { recursive: true, force: true })
  })
}

const written = (text: string): string => {
  const file = `${temporaryDirectory()}/hugepool.toml`
  writeFileSync(file, text)
  return file
}

/** Eight pages on the first node and none elsewhere, overcommit, and two mounts of which one has two of them. */
const wanted = () => {
  keepRecord()
  setPool(smallest, 0)
  setOvercommit(smallest, 0)
  const room = mountRoom()
  const file = written(`[pools.${name}]
pages = "${first}:8"
overcommit = 3
[mounts."${room}/one"]
page-size = "${name}"
size = "${4 * smallest}"
min-size = "${2 * smallest}"
mkdir = true
[mounts."${room}/two"]
page-size = "${name}"
mode = "0770"
mkdir = true
`)
  return { room, file }
}

const overcommit = (): number => readNumber(poolPath(smallest, 'nr_overcommit_hugepages'))

live('a machine is made as its configuration wants it', async (t) => {
  const { room, file } = wanted()
  const source = ['--config', file]
  const before = await hugepoolJson(checkSchema, 'check', ...source)
  // Nodes that are not named have no pages, as is wanted of them.
  const state = memoryNodes.length > 1 ? 'partly' : 'not'
  t.strictSame([before.status, before.document.state], [5, state])
  const dry = await hugepoolJson(plannedApplySchema, 'apply', ...source, '--dry-run')
  t.equal(dry.status, 0)
  t.strictSame(
    [persistentOf(smallest), overcommit(), mountsBelow(room).length],
    [0, 0, 0],
    'a dry run does nothing',
  )
  const { status, document } = await hugepoolJson(applySchema, 'apply', ...source)
  t.strictSame([status, document.outcome, document.state], [0, 'done', 'configured'])
  t.strictSame(
    document.changes.map(({ after: _, outcome: __, ...change }) => change),
    dry.document.changes,
    'the changes are those that were foretold',
  )
  t.strictSame(
    [persistentOf(smallest, first), persistentOf(smallest), overcommit(), mountsBelow(room).length],
    [8, 8, 3, 2],
  )
  t.equal(readNumber(poolPath(smallest, 'resv_hugepages')), 2, 'the guarantee is there')
  const after = await hugepoolJson(checkSchema, 'check', ...source)
  t.strictSame([after.status, after.document.state, after.document.changes], [0, 'configured', []])
  setPool(smallest, 5, first)
  const drift = await hugepoolJson(checkSchema, 'check', ...source)
  t.equal(drift.status, 5)
  t.hasStrict(drift.document.changes, [{ attribute: 'persistent', before: 5n, requested: 8n }])
})

traced('a second run writes nothing', async (t) => {
  const { file } = wanted()
  const source = ['apply', '--config', file]
  const others = async () =>
    changing((await trace(writingCalls, ...source)).calls).filter(
      (text) => !/"\/sys\/bus\/cpu\/drivers_probe"|hugepool\.lock|^flock\(/.test(text),
    )
  const once = await others()
  for (const path of ['nr_hugepages', 'nr_overcommit_hugepages', '/run/hugepool'])
    t.ok(
      once.some((text) => text.includes(path)),
      `the first run writes ${path}`,
    )
  t.strictSame(await others(), [])
})

live('what falls short is told with 64, and what was had stays', async (t) => {
  setPool(smallest, 0)
  setOvercommit(smallest, 0)
  // Others may take much of what is available meanwhile.
  const available = meminfo('MemAvailable')
  const leave = available - Math.min(2 ** 30, available / 4)
  const file = written(`leave = "${Math.trunc(leave / 4096) * 4096}B"
[pools.${name}]
pages = 100000000
overcommit = 2
`)
  const { status, document } = await hugepoolJson(applySchema, 'apply', '--config', file)
  t.strictSame([status, document.outcome], [64, 'partial'])
  const [pages, limit] = document.changes
  t.hasStrict(pages, { attribute: 'persistent', before: 0n, outcome: 'partial' })
  t.hasStrict(limit, { attribute: 'overcommit', after: 2n, outcome: 'done' })
  const had = persistentOf(smallest)
  t.equal(pages?.after, BigInt(had))
  // What others take and give back meanwhile is not ours to say.
  t.ok(had > 0 && had < 100_000_000, `${had} pages stay`)
  const checked = await hugepool('check', '--config', file)
  t.equal(checked.status, 5)
  t.match(checked.out, / short /)
  const all = await hugepool('apply', '--config', file, '--all-or-nothing')
  t.equal(all.status, 1)
  t.equal(persistentOf(smallest), had)
})

live('what no file names any more is unmounted by --prune, unless it is busy', async (t) => {
  const { room, file } = wanted()
  t.equal((await hugepool('apply', '--config', file)).status, 0)
  const less = written(`[pools.${name}]\npages = 2\n`)
  const kept = await hugepool('apply', '--config', less)
  t.equal(kept.status, 0)
  t.match(kept.err, 'no file names it any more')
  t.equal(mountsBelow(room).length, 2)
  const pruned = await hugepoolJson(applySchema, 'apply', '--config', less, '--prune')
  t.equal(pruned.status, 0)
  t.strictSame(
    pruned.document.unnamed?.map((each) => each.pruned),
    [true, true],
  )
  t.strictSame(mountsBelow(room), [])
  t.equal(persistentOf(smallest), 2)
})
