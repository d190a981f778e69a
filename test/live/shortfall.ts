import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn } from './support/live.ts'
import {
  memoryNodes,
  persistentOf,
  poolPath,
  setPool,
  sizeName,
  smallest,
} from './support/machine.ts'
import { hugepool } from './support/program.ts'
import { hugepoolTampered } from './support/tampered.ts'

const live = liveOn('room')

const name = sizeName(smallest)
const path = poolPath(smallest, 'nr_hugepages')

/** The first write of a growth is 256 MiB; these are two writes. */
const first = 2 ** 28 / smallest
const requested = first * 2

/** A write that succeeds and does nothing is how the kernel says that it has no pages left. */
const nothingAfterFirst = { paths: [path], first: 2, answer: 'nothing' } as const

live('a growth that gains no more stops, keeps what it got and says how much', async (t) => {
  setPool(smallest, 0)
  const words = ['resize', `${name}=${requested}`]
  const { status, out, err } = await hugepoolTampered(nothingAfterFirst, ...words)
  t.equal(status, 64, 'is partial')
  t.equal(persistentOf(smallest), first, 'keeps what the first write gave')
  const line = new RegExp(`^${name} +all +0 +${requested} +${first} +${first} +partial`)
  t.match(out.split('\n')[1] ?? '', line, 'the table says how much')
  t.match(err, `${name}: asked for ${requested}, got ${first}: ${first} short`, 'so do the words')
  t.match(err, /^hint: /m, 'with what the kernel shows of its memory')
})

live('the document of a growth that fell short shows the memory of the nodes', async (t) => {
  setPool(smallest, 0)
  const words = ['resize', `${name}=${requested}`, '--json']
  const { status, out } = await hugepoolTampered(nothingAfterFirst, ...words)
  t.equal(status, 64)
  const { outcome, changes } = changeSchema.parse(parseExact(out))
  t.equal(outcome, 'partial')
  t.hasStrict(changes[0], { after: BigInt(first), short: BigInt(first) })
  const nodes = changes[0]?.shortage?.map(({ node }) => node)
  t.strictSame(nodes, memoryNodes.length > 0 ? memoryNodes : [0])
})

live('with --all-or-nothing a growth that falls short is put back', async (t) => {
  setPool(smallest, 3)
  const words = ['resize', `${name}=${requested}`, '--all-or-nothing']
  const { status, err } = await hugepoolTampered({ ...nothingAfterFirst, last: 2 }, ...words)
  t.equal(status, 1, 'is a failure')
  t.match(err, `put back as before: ${name}`)
  t.equal(persistentOf(smallest), 3, 'as before')
})

live('what could not be put back is told', async (t) => {
  setPool(smallest, 3)
  const onNodes = memoryNodes.map((node) => poolPath(smallest, 'nr_hugepages', node))
  const was = memoryNodes.map((node) => persistentOf(smallest, node))
  const words = ['resize', `${name}=${requested}`, '--all-or-nothing']
  const tampering = { ...nothingAfterFirst, paths: [path, ...onNodes] }
  const { status, err } = await hugepoolTampered(tampering, ...words)
  t.equal(status, 1)
  t.equal(persistentOf(smallest), 3 + first)
  const places = memoryNodes.map((node, index) => {
    const is = persistentOf(smallest, node)
    return `${name} on node ${node} has ${is} instead of ${was[index]}`
  })
  const whole = `${name} has ${3 + first} instead of 3`
  const told = memoryNodes.length > 1 ? places.join(', ') : whole
  t.match(err, `putting back fell short: ${told}`)
})

live('--compact compacts memory and tries again, but not without end', async (t) => {
  setPool(smallest, 0)
  const words = ['resize', `${name}=${requested}`, '--compact']
  // Only the second write of all does nothing: the pages come after the compaction.
  const { status, writes } = await hugepoolTampered({ ...nothingAfterFirst, last: 2 }, ...words)
  t.equal(status, 0, 'is done in the end')
  t.equal(persistentOf(smallest), requested)
  const compact = { path: '/proc/sys/vm/compact_memory', value: '1' }
  t.strictSame(writes[2], compact, 'memory was compacted')
  t.equal(writes[3]?.path, path, 'and then the growth went on')
  setPool(smallest, 0)
  const never = await hugepoolTampered({ paths: [path], answer: 'nothing' }, ...words)
  t.equal(never.status, 64, 'where nothing is gained it ends')
})

live('errors of the kernel are told with the file and the right status', async (t) => {
  setPool(smallest, 2)
  const cases = { EIO: 1, EINVAL: 4, EBUSY: 1, ENOMEM: 1, EPERM: 3, EROFS: 3 } as const
  for (const [answer, wanted] of Object.entries(cases)) {
    const tampering = { paths: [path], answer: answer as keyof typeof cases }
    const { status, err } = await hugepoolTampered(tampering, 'resize', `${name}=5`)
    t.equal(status, wanted, answer)
    t.match(err, /^hugepool: (\/sys\/\S+: )?.*\n(hint: .*\n)?$/, 'in a line and perhaps a hint')
  }
  t.equal(persistentOf(smallest), 2)
  t.equal((await hugepool('resize', `${name}=2`, '--no-wait')).status, 0)
})
