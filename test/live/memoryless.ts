import { existsSync } from 'node:fs'
import { changeSchema, listSchema } from '../../src/output/schemas/pools-schema.ts'
import { canDemote, kernelHas } from './support/kernels.ts'
import { liveOn, snapshot } from './support/live.ts'
import {
  gigantic,
  memorylessNodes,
  memoryNodes,
  poolPath,
  setOvercommit,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { nodeCountsOf, setSpread, spreadOf } from './support/spread.ts'

const live = liveOn('room', 'two nodes with memory', 'a node without memory')

const name = sizeName(smallest)
const [empty = 1] = memorylessNodes
const [first = 0, second = 2] = memoryNodes
const hasDirectory = kernelHas('memorylessDirectories')

/** Which nodes are named in place of one without memory. */
const others = `hint: nodes ${memoryNodes.join()} have memory\n`

const none = { total: 0, free: 0, surplus: 0 }

live('a raw write for a node without memory succeeds and gives nothing', async (t) => {
  const path = poolPath(smallest, 'nr_hugepages', empty)
  t.equal(existsSync(path), hasDirectory, 'its directory is there from Linux 6.1 on')
  if (!hasDirectory) return
  writeNumber(path, 4)
  t.strictSame(nodeCountsOf(smallest, empty), none)
})

live('a growth on a node without memory is refused beforehand', async (t) => {
  setSpread(smallest, [1, 1])
  const before = snapshot()
  const words = hasDirectory
    ? `node ${empty} has no memory, so it cannot hold ${name} pages\n${others}`
    : `node ${empty} has no pool of ${name} pages\n`
  for (const line of [[`${name}=${empty}:4`], [`${name}=4`, '--node', `${first}-${empty}`]]) {
    const { status, out, err } = await hugepool('resize', ...line)
    t.strictSame({ status, out, err }, { status: 4, out: '', err: `hugepool: ${words}` })
  }
  t.strictSame(snapshot(), before, 'nothing was done on any node')
})

live('no pages on a node without memory is nothing to do', async (t) => {
  const { status, err } = await hugepool('resize', `${name}=${empty}:0`)
  t.strictSame({ status, err }, { status: 0, err: '' })
})

live('a whole pool is spread over the nodes with memory only', async (t) => {
  setSpread(smallest, [0, 0])
  const { status, document } = await hugepoolJson(changeSchema, 'resize', `${name}=5`)
  t.equal(status, 0)
  t.strictSame(spreadOf(smallest), [3, 2])
  const nodes = [
    { node: first, before: 0n, after: 3n },
    ...(hasDirectory ? [{ node: empty, before: 0n, after: 0n }] : []),
    { node: second, before: 0n, after: 2n },
  ]
  t.strictSame(document.changes[0]?.nodes, nodes)
})

live('list --per-node says that a node without memory has nothing', async (t) => {
  setSpread(smallest, [3, 2])
  const columns = 'node,total,free,surplus,memory'
  const { out } = await hugepool('list', name, '-N', '-r', '-n', '-b', '-o', columns)
  t.strictSame(out.trimEnd().split('\n'), [
    `all 5 5 0 ${5 * smallest}`,
    `${first} 3 3 0 ${3 * smallest}`,
    hasDirectory ? `${empty} 0 0 0 0` : `${empty} - - - -`,
    `${second} 2 2 0 ${2 * smallest}`,
  ])
  const { document } = await hugepoolJson(listSchema, 'list', name, '--per-node')
  const told = document.pools[0]?.nodes?.find(({ node }) => node === empty)
  t.strictSame(told?.total, hasDirectory ? 0n : undefined, 'unknown is not zero')
})

live('--node all is all nodes with memory', async (t) => {
  setSpread(smallest, [0, 1])
  const { status, err } = await hugepool('resize', `${name}=3`, '--node', 'all')
  t.equal(status, 0)
  t.equal(err, `hugepool: note: ${name}: 3 pages on each of nodes ${first},${second}, 6 in all\n`)
  t.strictSame(spreadOf(smallest), [3, 3])
})

live('a test is not confined by a node that has no memory', async (t) => {
  setSpread(smallest, [1, 1])
  setOvercommit(smallest, 0)
  const { status, err } = await hugepool('test', `${name}=4`)
  t.equal(status, 1)
  t.strictSame(
    err.split('\n').filter((line) => line.startsWith('hint: ')),
    [
      `hint: 'hugepool resize ${name}=+2' makes room`,
      `hint: 'hugepool overcommit ${name}=2' lets the kernel make what is missing`,
    ],
  )
  t.equal((await hugepool('resize', `${name}=+2`)).status, 0)
  t.equal((await hugepool('test', `${name}=4`)).status, 0, 'the hint is right')
})

live('a policy of a node without memory is an error before any write', async (t) => {
  setSpread(smallest, [1, 1])
  const err = `hugepool: node ${empty} has no memory\n${others}`
  for (const policy of [`bind:${empty}`, `interleave:${first}-${second}`, `preferred:${empty}`]) {
    const told = await hugepool('resize', `${name}=6`, '--mempolicy', policy)
    t.strictSame({ status: told.status, err: told.err }, { status: 4, err }, policy)
  }
  t.strictSame(spreadOf(smallest), [1, 1])
})

live('nothing can be split on a node without memory', async (t) => {
  const size = gigantic === undefined ? '1G' : sizeName(gigantic)
  const before = snapshot()
  const { status, err } = await hugepool('demote', `${size}=1`, '--node', `${empty}`)
  t.equal(status, canDemote ? 1 : 4)
  if (canDemote)
    t.equal(err, `hugepool: no page of ${size} can be split: there are none on node ${empty}\n`)
  else t.match(err, hasDirectory ? /cannot be split here/ : /has no pool of/)
  t.strictSame(snapshot(), before)
})
