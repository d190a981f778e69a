import t from 'tap'
import * as z from 'zod'
import { errorSchema } from '../../src/output/schemas/parts.ts'
import {
  changeSchema,
  demoteSchema,
  dryRunSchema,
  listSchema,
} from '../../src/output/schemas/pools-schema.ts'
import { missingWords } from '../helpers/caught.ts'
import { type FakeKernel, fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../helpers/json.ts'
import {
  type FakeOptions,
  global1G,
  global2M,
  lines,
  node1G,
  onFake,
  signalDuringWrite,
} from '../helpers/on-fake.ts'
import { G, M } from '../helpers/sizes.ts'

interface Case {
  readonly line: string
  readonly schema: z.ZodType
  readonly prepare?: (kernel: FakeKernel) => FakeOptions | undefined
}

const make = (release: string) =>
  fakeKernel({
    release,
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
      { id: 3, memory: 0n },
    ],
    pools: [
      { size: 2n * M, persistent: { 0: 9n, 1: 9n }, overcommit: 4n },
      { size: G, persistent: { 0: 1n, 1: 1n } },
    ],
  })

const use = (kernel: FakeKernel) => {
  kernel.map(2n * M, 20n).touch(11n)
  return undefined
}
const short = (kernel: FakeKernel) => {
  kernel.limitGrowth(2n * M, 0n)
  kernel.limitGrowth(G, 0n)
  return undefined
}
const failing = (path: string) => (kernel: FakeKernel) => {
  kernel.failWrite(path, 'EIO')
  return undefined
}

const cases: readonly Case[] = [
  { line: 'list', schema: listSchema },
  { line: 'list 2M', schema: listSchema, prepare: use },
  {
    line: 'list',
    schema: listSchema,
    prepare: (kernel) => {
      kernel.resvWrap(2n * M)
      return undefined
    },
  },
  { line: 'list 4M', schema: errorSchema },
  { line: 'resize 2M=64 1G=1:2', schema: changeSchema },
  { line: 'resize 2M=18', schema: changeSchema },
  { line: 'resize 2M=0', schema: changeSchema, prepare: use },
  { line: 'resize 2M=+1', schema: changeSchema, prepare: use },
  { line: 'resize 2M=99 1G=0:3,1:3', schema: changeSchema, prepare: short },
  { line: 'resize 2M=99 --all-or-nothing', schema: changeSchema, prepare: short },
  { line: 'resize 2M=50 --node all', schema: changeSchema },
  { line: 'resize 2M=50 --mempolicy bind:1', schema: changeSchema },
  { line: 'resize 2M=50 --compact', schema: changeSchema, prepare: short },
  { line: 'resize 2M=99999', schema: errorSchema },
  { line: 'resize 2M=3M', schema: errorSchema },
  { line: 'resize 1G=1 2M=99', schema: changeSchema, prepare: failing(`${global2M}/nr_hugepages`) },
  { line: 'resize 2M=99', schema: errorSchema, prepare: failing(`${global2M}/nr_hugepages`) },
  {
    line: 'resize 2M=900',
    schema: changeSchema,
    prepare: (kernel) => signalDuringWrite(kernel, 1),
  },
  {
    line: 'resize 2M=900 --all-or-nothing',
    schema: changeSchema,
    prepare: (kernel) => signalDuringWrite(kernel, 1),
  },
  { line: 'overcommit 2M=7', schema: changeSchema },
  { line: 'overcommit 2M=4', schema: changeSchema },
  { line: 'overcommit 2M=1 1G=1', schema: z.union([changeSchema, errorSchema]) },
  { line: 'overcommit 2M=0:1', schema: errorSchema },
  { line: 'resize 2M=64 1G=0:0 --dry-run', schema: dryRunSchema },
  { line: 'resize 2M=64 --mempolicy interleave:0-1 --dry-run', schema: dryRunSchema },
  { line: 'overcommit 2M=64 --dry-run', schema: dryRunSchema },
]

const demotes: readonly Case[] = [
  { line: 'demote 1G=1', schema: demoteSchema },
  { line: 'demote 1G=5', schema: demoteSchema },
  { line: 'demote 1G=0', schema: demoteSchema },
  { line: 'demote 1G=0:1,1:1', schema: demoteSchema },
  { line: 'demote 1G=0:1,1:1', schema: demoteSchema, prepare: failing(`${node1G(1)}/demote`) },
  { line: 'demote 1G=1', schema: errorSchema, prepare: failing(`${global1G}/demote`) },
  { line: 'demote 1G=5 --all-or-nothing', schema: errorSchema },
  { line: 'demote 2M=1', schema: errorSchema },
  { line: 'demote 1G=1 --dry-run', schema: dryRunSchema },
]

const runs = ['5.10', '6.1', '6.12', '6.19', '7.0'].flatMap((release) =>
  [...cases, ...(release === '5.10' ? [] : demotes)].map((one) => ({ release, ...one })),
)

for (const [index, { release, line, schema, prepare }] of runs.entries())
  t.test(`${index + 1}: ${line} --json on ${release}`, async (t) => {
    const kernel = make(release)
    const { status, stdout, stderr } = await onFake(kernel, `${line} --json`, prepare?.(kernel))
    const document = schema.safeParse(parseExact(stdout))
    t.ok(document.success, JSON.stringify(document.error?.issues))
    t.equal(stdout.split('\n').length, 2, 'one line')
    const plain = make(release)
    const same = await onFake(plain, line, prepare?.(plain))
    t.same({ status: same.status, stderr: same.stderr }, { status, stderr }, 'words are the same')
    t.same(plain.snapshot(), kernel.snapshot(), 'and so is what was done')
  })

t.test('a partial result has its reasons and hints in the document', async (t) => {
  const kernel = make('6.12')
  kernel.limitGrowth(2n * M, 0n)
  const { status, stdout, stderr } = await onFake(kernel, 'resize 2M=99 --json')
  t.equal(status, 64)
  const { notes = [], hints = [] } = changeSchema.parse(parseExact(stdout))
  t.strictSame(notes, ['2M: asked for 99, got 18: 81 short'])
  t.ok(hints.some((hint) => hint.startsWith('--compact asks the kernel')))
  t.equal(stderr, lines(`hugepool: ${notes[0]}`, ...hints.map((hint) => `hint: ${hint}`)))
})

t.test('words that a document lacks are noticed', async (t) => {
  const said = 'hugepool: note: one\nhugepool: two\nhint: three\nhint: four\n'
  const whole = { version: 1, notes: ['one', 'two'], error: { hint: 'three\nfour' } }
  const result = { status: 64, stderr: said }
  t.strictSame(missingWords({ ...result, stdout: JSON.stringify(whole) }), [])
  const bare = JSON.stringify({ version: 1, notes: ['one'] })
  t.strictSame(missingWords({ ...result, stdout: bare }), ['two', 'three', 'four'])
})
