import t from 'tap'
import { dryRunSchema } from '../../src/output/schemas/pools-schema.ts'
import { fakeKernel } from '../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../helpers/json.ts'
import { onFake } from '../helpers/on-fake.ts'
import { onMachine, procWith, withoutMemfd } from '../helpers/running-machine.ts'
import { G, M } from '../helpers/sizes.ts'

const inUse = () => {
  const pools = [{ size: 2n * M, persistent: { 0: 12n }, overcommit: 2n }]
  const kernel = fakeKernel({ nodes: [{ id: 0, memory: 4n * G }], pools })
  kernel.map(2n * M, 11n).touch(11n)
  return kernel
}

const documentOf = async (kernel: ReturnType<typeof inUse>, line: string) =>
  dryRunSchema.parse(parseExact((await onFake(kernel, `${line} --dry-run --json`)).stdout))

t.test('the document of a dry run has what would stay as surplus', async (t) => {
  const { held, notes } = await documentOf(inUse(), 'resize 2M=4')
  const persistent = { pageSize: 2n * M, attribute: 'persistent' } as const
  t.strictSame(held, [{ ...persistent, requested: 4n, surplus: 7n, aboveOvercommit: 5n }])
  t.strictSame(notes, [
    '2M: 7 pages are in use: as surplus they leave the pool when they are freed, and a program that ends cannot get them again',
  ])
  const onNode = await documentOf(inUse(), 'resize 2M=0:9')
  t.strictSame(onNode.held, [{ ...persistent, node: 0, requested: 9n, surplus: 2n }])
  t.match(onNode.notes, [/which overcommit allows/])
})

t.test('likewise of an overcommit below the surplus', async (t) => {
  const kernel = inUse()
  t.equal((await onFake(kernel, 'resize 2M=9')).status, 0)
  const { held, notes } = await documentOf(kernel, 'overcommit 2M=0')
  t.strictSame(held, [
    {
      pageSize: 2n * M,
      attribute: 'overcommit',
      requested: 0n,
      surplus: 2n,
      aboveOvercommit: 2n,
    },
  ])
  t.match(notes, [/2 surplus pages are above that/])
})

t.test('nothing is there where nothing is held', async (t) => {
  for (const line of ['resize 2M=11', 'resize 2M=20', 'overcommit 2M=9'])
    t.notOk('held' in (await documentOf(inUse(), line)), line)
})

t.test('on the running kernel a dry run names the holders, as the real run does', async (t) => {
  const kernel = inUse()
  const proc = procWith(t, { 7: 'Name:\tvm\nVmSize:\t99999 kB\nHugetlbPages:\t22528 kB\n' })
  const { stderr } = await onFake(onMachine(kernel, proc), 'resize 2M=4 --dry-run', {
    native: withoutMemfd,
  })
  t.match(stderr, '\nhint: 2M: process 7 (vm) has 11 pages mapped\n')
})
