import type { z } from 'zod'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import type { Result } from './caught.ts'
import type { FakeKernel, FakeKernelOptions } from './fake-kernel/fake-kernel.ts'
import { fakeKernel } from './fake-kernel/fake-kernel.ts'
import { type FakeMapper, fakeMapper } from './fake-mapper.ts'
import { parseExact } from './json.ts'
import { type FakeOptions, onFake } from './on-fake.ts'
import { G, M } from './sizes.ts'

export type TestDocument = z.output<typeof testSchema>

/** What a command line of `test` came to, in words and as a document. */
export interface Tested extends Result {
  readonly document: TestDocument
  /** The last column of the table: what each step says. */
  readonly said: readonly string[]
  readonly mapper: FakeMapper
  readonly kernel: FakeKernel
}

export const twoNodes: FakeKernelOptions = {
  nodes: [
    { id: 0, memory: 8n * G },
    { id: 1, memory: 8n * G },
  ],
  pools: [
    { size: 2n * M, persistent: { 0: 6n, 1: 4n } },
    { size: G, persistent: { 0: 1n, 1: 1n } },
  ],
}

/** What a test changes of a fake machine before anything is done. */
export type Prepare = (kernel: FakeKernel, mapper: FakeMapper) => FakeOptions | undefined

/** A command line of `test`, on the machine with two nodes where no other is named. */
export type TestCase = readonly [
  line: string,
  prepare?: Prepare | undefined,
  options?: FakeKernelOptions,
]

const once = async (line: string, options: FakeKernelOptions, prepare: Prepare) => {
  const kernel = fakeKernel(options)
  const mapper = fakeMapper(kernel)
  kernel.extra.set('/proc/self/mountinfo', '')
  const around = prepare(kernel, mapper) ?? {}
  const before = kernel.snapshot()
  const result = await onFake(kernel, line, { mapper, clock: mapper.clock, ...around })
  return { ...result, kernel, mapper, before }
}

/** The words of a command line of `test` that ends in an error. */
export const refusedOnFake = async (
  line: string,
  prepare: Prepare = () => undefined,
): Promise<Result> => once(`test ${line}`, twoNodes, prepare)

/** What mmap takes is measured by the real clock. */
const untimed = (text: string): string => text.replace(/ in \d+\.\d+ s by .*/, '')

/**
 * Runs `test` on a fake kernel twice, for people and as a document, which has to say the same and
 * to be one by its schema. Throws where anything is left behind, unless `keeps` says so.
 */
export const testOnFake = async (
  line: string,
  prepare: Prepare = () => undefined,
  options: FakeKernelOptions = twoNodes,
): Promise<Tested> => {
  const plain = await once(`test ${line}`, options, prepare)
  const json = await once(`test ${line} --json`, options, prepare)
  const document = testSchema.parse(parseExact(json.stdout))
  if (untimed(json.stderr) !== untimed(plain.stderr) || json.status !== plain.status)
    throw new Error(`with --json: ${json.status} ${json.stderr}; without: ${plain.stderr}`)
  for (const { mapper } of [plain, json])
    if (mapper.open.size + mapper.mapped.size > 0) throw new Error('something is left behind')
  const { status, stdout, stderr, kernel, mapper } = plain
  const said = document.steps.map(({ what }) => what)
  return { status, stdout, stderr, kernel, mapper, document, said }
}
