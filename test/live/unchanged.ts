import { changeSchema, dryRunSchema } from '../../src/output/schemas/pools-schema.ts'
import { liveOn, snapshot } from './support/live.ts'
import {
  gigantic,
  memoryNodes,
  persistentOf,
  poolPath,
  poolsDirectory,
  setOvercommit,
  setPool,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { hugepool, hugepoolJson, run } from './support/program.ts'
import { changing, trace, writingCalls } from './support/trace.ts'

const live = liveOn('room')
const traced = liveOn('room', 'processes: tracing')

const name = sizeName(smallest)
const node = memoryNodes[0]

traced('a resize to what is there already takes the lock and writes nothing', async (t) => {
  setPool(smallest, 6)
  const { status, out, err, calls } = await trace(writingCalls, 'resize', `${name}=6`)
  t.strictSame({ status, err }, { status: 0, err: '' }, 'is done')
  t.match(out, /unchanged/, 'says so')
  t.ok(calls.length > 0, 'system calls were seen')
  const others = changing(calls).filter(
    (text) => !/"\/sys\/bus\/cpu\/drivers_probe"|hugepool\.lock|^flock\(/.test(text),
  )
  t.strictSame(others, [], 'no other file was opened for writing')
})

live('an unchanged resize is a document too', async (t) => {
  setPool(smallest, 6)
  const { status, document } = await hugepoolJson(changeSchema, 'resize', `${name}=6`)
  t.equal(status, 0)
  t.equal(document.outcome, 'unchanged')
})

traced('the trace sees what a real resize opens, locks and writes', async (t) => {
  setPool(smallest, 6)
  const { status, calls } = await trace(writingCalls, 'resize', `${name}=7`)
  t.equal(status, 0)
  const seen = changing(calls)
  const path = poolPath(smallest, 'nr_hugepages')
  t.ok(
    seen.some((text) => text.startsWith('flock(')),
    'the lock',
  )
  t.ok(
    seen.some((text) => text.includes(`"${path}", O_WRONLY|O_TRUNC`)),
    'the opening',
  )
  t.ok(
    seen.some((text) => text.startsWith('write(') && text.includes('"7\\n", 2)')),
    'the write',
  )
  t.equal(seen.filter((text) => /^openat.*O_CREAT/.test(text) && text.includes('/sys/')).length, 0)
})

traced('a dry run opens nothing for writing', async (t) => {
  setPool(smallest, 2)
  const lines = [
    ['resize', `${name}=20`],
    ['resize', `${name}=0`, '--json'],
    ['resize', `${name}=+5`, '--node', `${node ?? 0}`],
    ['resize', `${name}=max`],
    ['overcommit', `${name}=7`],
  ].filter((words) => node !== undefined || !words.includes('--node'))
  const before = snapshot()
  for (const words of lines) {
    const { status, calls } = await trace(writingCalls, ...words, '--dry-run')
    t.equal(status, 0, `${words.join(' ')} is done`)
    t.strictSame(changing(calls), [], 'and nothing was opened for writing, nor locked')
  }
  t.strictSame(snapshot(), before, 'no pool changed')
})

/** Four pages on each node: the kernel spreads those of a whole pool from where it left off. */
const fourOnEach = () => {
  setOvercommit(smallest, 0)
  if (memoryNodes.length === 0) setPool(smallest, 4)
  else setPool(smallest, 0)
  for (const each of memoryNodes) writeNumber(poolPath(smallest, 'nr_hugepages', each), 4)
}

/** For the same reason the nodes are compared only where a request names them. */
const effect = (words: readonly string[]) =>
  Object.entries(snapshot()).filter(
    ([path]) => path.startsWith(poolsDirectory) || /--node|:/.test(words.join(' ')),
  )

live('the lines of a dry run, run by sh, do what the real run does', async (t) => {
  const onNodes = [
    ['resize', `${name}=${node}:6`],
    ['resize', `${name}=+3`, '--node', 'all'],
    ['resize', `${name}=${node}:1`],
  ]
  const requests = [
    ['resize', `${name}=9`],
    ['resize', `${name}=-1`],
    ['resize', `${name}=0`],
    ['overcommit', `${name}=5`],
    ...(node === undefined ? [] : onNodes),
  ]
  for (const words of requests) {
    const line = words.join(' ')
    fourOnEach()
    const { out } = await hugepool(...words, '--dry-run')
    t.match(out, /^(echo \d+ > \/sys\/\S+\n)+$/, `${line}: exact lines`)
    t.equal((await run(['sh', '-euc', out])).status, 0, 'sh runs them')
    const byHand = effect(words)
    fourOnEach()
    t.equal((await hugepool(...words)).status, 0, 'so does hugepool')
    t.strictSame(effect(words), byHand, 'with the same effect')
  }
})

live('shrinks come before growths and larger pages first', async (t) => {
  if (gigantic === undefined) {
    t.equal((await hugepool('resize', `${name}=3`, '1T=1', '--dry-run')).status, 4)
    return
  }
  const large = sizeName(gigantic)
  // Before 7.0 small pages of a pool are in the way of large ones.
  setPool(gigantic, 1)
  setPool(smallest, 4)
  const paths = [smallest, gigantic].map((size) => poolPath(size, 'nr_hugepages'))
  const shrinks = await hugepool('resize', `${name}=3`, `${large}=0`, '--dry-run')
  t.equal(shrinks.out, `echo 0 > ${paths[1]}\necho 3 > ${paths[0]}\n`)
  const mixed = await hugepool('resize', `${name}=6`, `${large}=0`, '--dry-run')
  t.equal(mixed.out, `echo 0 > ${paths[1]}\necho 6 > ${paths[0]}\n`)
  t.equal((await hugepool('resize', `${name}=6`, `${large}=0`)).status, 0, 'both are done')
  t.strictSame([persistentOf(smallest), persistentOf(gigantic)], [6, 0])
})

live('the document of a dry run has the writes', async (t) => {
  setPool(smallest, 2)
  const words = ['resize', `${name}=5`, '--dry-run']
  const { document } = await hugepoolJson(dryRunSchema, ...words)
  t.strictSame(document.writes, [{ path: poolPath(smallest, 'nr_hugepages'), value: 5n }])
})
