import { existsSync } from 'node:fs'
import { doctorSchema } from '../../src/output/schemas/doctor-schema.ts'
import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { differing, doctor, failing } from './support/answers.ts'
import { allowedNow, confine } from './support/cpuset.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  gigantic,
  memoryNodes,
  nodeMemory,
  poolPath,
  setPool,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'
import { holdOn, setSpread, spreadOf } from './support/spread.ts'

const live = liveOn('room', 'two nodes with memory', 'cpusets')

const name = sizeName(smallest)
const [first = 0, second = 1] = memoryNodes

const note = `hugepool: note: the cpuset of this process allows node ${first} only: the kernel gives nothing on node ${second}\n`

/** Confined to the first node, with these pages on the two. */
const confined = (first_: number, second_: number): void => {
  setSpread(smallest, [first_, second_])
  confine([first])
}

live('what the kernel does under a cpuset: it says success and gives nothing', async (t) => {
  confined(2, 2)
  t.equal(allowedNow(), `${first}`)
  writeNumber(poolPath(smallest, 'nr_hugepages', second), 6)
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('a growth on a hidden node is told before and after', async (t) => {
  confined(2, 2)
  const { status, err } = await hugepool('resize', `${name}=${second}:6`)
  t.equal(status, 64)
  t.equal(err, `${note}hugepool: ${name} on node ${second}: asked for 6, got 2: 4 short\n`)
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('with --all-or-nothing it is a failure', async (t) => {
  confined(2, 2)
  const words = [`${name}=${first}:5,${second}:6`, '--all-or-nothing']
  const { status, err } = await hugepool('resize', ...words)
  t.equal(status, 1)
  const told = `hugepool: ${name} on node ${second}: asked for 6, got 2: 4 short; put back as before: ${name}\n`
  t.equal(err, `${note}${told}`)
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('a whole pool grows on the allowed node alone, which is told', async (t) => {
  confined(2, 2)
  const { status, err, document } = await hugepoolJson(changeSchema, 'resize', `${name}=9`)
  t.strictSame({ status, err }, { status: 0, err: note })
  t.strictSame(spreadOf(smallest), [7, 2])
  const told = document.changes[0]?.nodes?.filter(({ node }) => memoryNodes.includes(node))
  t.match(told, [{ after: 7n }, { after: 2n }])
})

live('doctor knows the nodes that a cpuset leaves', async (t) => {
  confined(2, 2)
  const wrong: string[] = []
  const found: string[] = []
  for (const words of ['=2', '=3', `=${second}:1`, `=${first}:2`, '=3 --noreserve']) {
    const result = await doctor(`${name}${words}`)
    wrong.push(...differing(words, result))
    const document = doctorSchema.parse(parseExact(result.out))
    found.push(`${document.answer} ${failing(document)}`.trimEnd())
  }
  t.strictSame(wrong, [])
  t.strictSame(found, ['yes', 'no node-free', 'no cpuset,node-free', 'yes', 'no node-free'])
})

live('a whole pool beyond the memory of the allowed node is refused', async (t) => {
  confined(2, 2)
  const most = Math.floor(nodeMemory(first) / smallest)
  const { status, err } = await hugepool('resize', `${name}=${most}`)
  t.equal(status, 1)
  t.match(err, new RegExp(`of memory available on node ${first}\n`))
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('a dry run under a cpuset says the same', async (t) => {
  confined(2, 2)
  const { status, out, err } = await hugepool('resize', `${name}=${second}:6`, '--dry-run')
  const line = `echo 6 > ${poolPath(smallest, 'nr_hugepages', second)}\n`
  t.strictSame({ status, out, err }, { status: 0, out: line, err: note })
})

live('a shrink on a hidden node is not in the way of a cpuset', async (t) => {
  confined(2, 2)
  const { status, err } = await hugepool('resize', `${name}=${second}:0`)
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.strictSame(spreadOf(smallest), [2, 0])
})

live('surplus of a hidden node turns persistent, for that takes no memory', async (t) => {
  setSpread(smallest, [0, 3])
  await holdOn(second, smallest, { pages: 3, touch: 3 })
  writeNumber(poolPath(smallest, 'nr_hugepages', second), 1)
  confine([first])
  const { status, err } = await hugepool('resize', `${name}=${second}:3`)
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.strictSame(countsOf(smallest), { total: 3, free: 0, reserved: 0, surplus: 0 })
})

live('a policy of hidden nodes only is unsupported', async (t) => {
  confined(2, 2)
  const { status, err } = await hugepool('resize', `${name}=9`, '--mempolicy', `bind:${second}`)
  t.equal(status, 4)
  const words = 'the kernel does not let this process use these nodes (EINVAL): is it in a cpuset?'
  t.equal(err, `${note}hugepool: memory policy bind:${second}: ${words}\n`)
  t.strictSame(spreadOf(smallest), [2, 2])
})

live('a policy of which one node is hidden uses the other', async (t) => {
  confined(2, 2)
  const both = `interleave:${first},${second}`
  const { status, err } = await hugepool('resize', `${name}=9`, '--mempolicy', both)
  t.strictSame({ status, err }, { status: 0, err: note })
  t.strictSame(spreadOf(smallest), [7, 2])
})

live('gigantic pages are not confined by a cpuset', async (t) => {
  if (gigantic === undefined) {
    t.notOk(existsSync(poolPath(2 ** 30, 'nr_hugepages')), 'there are none here')
    return
  }
  setPool(smallest, 0)
  confine([first])
  const { status, err } = await hugepool('resize', `${sizeName(gigantic)}=${second}:1`)
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.strictSame(spreadOf(gigantic), [0, 1])
})

live('pages that others hold on a hidden node are counted as ever', async (t) => {
  setSpread(smallest, [2, 2])
  await hold(smallest, { pages: 1 })
  confine([first])
  const { out } = await hugepool('list', name, '-r', '-n', '-o', 'total,free,reserved,available')
  t.equal(out, '4 4 1 3\n')
})
