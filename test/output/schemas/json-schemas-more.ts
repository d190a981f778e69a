import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { parse as parseToml } from 'smol-toml'
import t from 'tap'
import { type DescribedName, documentNames } from '../../../src/output/document-names.ts'
import type { DocumentName } from '../../../src/output/schemas/documents.ts'
import { documentedLines, printedBy } from '../../helpers/documented-lines.ts'
import { fakeClock } from '../../helpers/fake-clock.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { fakeMapper } from '../../helpers/fake-mapper.ts'
import { global2M, onFake } from '../../helpers/on-fake.ts'
import { run } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'
import { twoNodes } from '../../helpers/test-on-fake.ts'

// What the program prints is held against the schemas that it prints, by a validator that knows
// nothing of zod, and as a reader has both: as text.

/** A moment as RFC 3339 has it, on a day that exists. */
const isMoment = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) &&
  !Number.isNaN(Date.parse(text))

/** Strict: a keyword or a format that draft 2020-12 does not have is an error. */
const ajv = new Ajv2020({
  ...{ strict: true, allowUnionTypes: true, allErrors: true },
  formats: { 'date-time': isMoment },
})

const compiled = new Map<DescribedName, ValidateFunction>()
for (const name of documentNames) {
  const { stdout } = await run(['schema', name], { tree: 'one-node' })
  compiled.set(name, ajv.compile(JSON.parse(stdout)))
}

/** The one schema of all documents. */
const whole = ajv.compile(JSON.parse((await run(['schema'], { tree: 'one-node' })).stdout))

/** What is wrong with a document; nothing where it is as its schema has it. */
const faults = (name: DescribedName, document: unknown): readonly string[] => {
  const validate = compiled.get(name)
  if (validate?.(document)) return []
  return (validate?.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

for (const name of Object.keys(documentedLines) as DocumentName[])
  for (const line of documentedLines[name])
    t.test(`${line} --json is as 'hugepool schema ${name}' has it`, async (t) => {
      const { stdout } = await printedBy(t, name, line)
      const document = JSON.parse(stdout)
      t.strictSame(faults(name, document), [], stdout)
      t.equal(whole(document), true, 'nor does the schema of all documents refuse it')
      t.equal(whole({ ...document, version: 2 }), false)
      t.not(faults(name, { ...document, more: 1 }).length, 0, 'a key that is not described')
      t.not(faults(name, { ...document, version: 2 }).length, 0, 'another version')
      const { version, ...rest } = document
      t.not(faults(name, rest).length, 0, 'no version')
    })

const machine = (line: string, prepare = (_: FakeKernel): void => {}) => {
  const kernel = fakeKernel(twoNodes)
  prepare(kernel)
  return onFake(kernel, `${line} --json`, { mapper: fakeMapper(kernel) })
}

t.test('what ends with an error and nothing else is the document of an error', async (t) => {
  for (const line of ['list 4M', 'resize 2M=3M', 'resize 2M=9999999', 'demote 2M=1', 'list --x']) {
    const { status, stdout } = await machine(line)
    t.not(status, 0, line)
    t.strictSame(faults('error', JSON.parse(stdout)), [], stdout)
    t.equal(whole(JSON.parse(stdout)), true, line)
  }
})

t.test(
  'results that are short, wrapped or in the way of something are documents too',
  async (t) => {
    const short = (kernel: FakeKernel) => kernel.limitGrowth(2n * M, 0n)
    const held = (kernel: FakeKernel) => {
      kernel.map(2n * M, 3n).touch(2n)
    }
    for (const [name, line, prepare] of [
      ['resize', 'resize 2M=900', short],
      ['resize', 'resize 2M=900 --all-or-nothing', short],
      ['resize', 'resize 2M=0 1G=900000 --keep-going', held],
      ['resize', 'resize 2M=0', held],
      ['list', 'list', (kernel: FakeKernel) => kernel.resvWrap(2n * M)],
      ['who', 'who', held],
      ['doctor', 'doctor 2M=900', held],
      ['test', 'test 2M=900', held],
    ] as const) {
      const { stdout } = await machine(line, prepare)
      const document = JSON.parse(stdout)
      const known = Object.keys(document).every((key) =>
        /^(?:version|notes|hints|error)$/.test(key),
      )
      t.strictSame(faults(known ? 'error' : name, document), [], stdout)
    }
  },
)

t.test('every line of a watch that sees changes is a document', async (t) => {
  const kernel = fakeKernel(twoNodes)
  const clock = fakeClock()
  clock.after(1000, () => kernel.map(2n * M, 3n).touch(2n))
  clock.after(3000, () => kernel.write(`${global2M}/nr_hugepages`, '7'))
  const line = 'watch 2M -N --who --json --count 4 --until 2M.total==1000'
  const { stdout } = await onFake(kernel, line, { clock })
  const documents = stdout
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text))
  t.strictSame(
    documents.map(({ changes, events }) => [changes.length > 0, events.length > 0]),
    [false, true, true, false].map((isChanged) => [isChanged, isChanged]),
  )
  for (const document of documents) {
    t.strictSame(faults('watch', document), [])
    t.equal(whole(document), true)
  }
  const [, changed] = documents
  for (const [key, wrong] of Object.entries({
    changes: [{ ...changed.changes[0], more: 1 }],
    events: [1],
    time: '2026-02-30 12:00',
    elapsed: -1,
    until: { expression: '2M.total==1000' },
  }))
    t.not(faults('watch', { ...changed, [key]: wrong }).length, 0, key)
})

t.test('counts have all digits of 64 bits, and are whole', async (t) => {
  const pool = { pageSize: 2097152, inUse: 0, persistent: 0, surplus: 0, memory: 0, free: 0 }
  const document = (counters: string) =>
    JSON.parse(`{"version":1,"pools":[${JSON.stringify(pool).slice(0, -1)},${counters}}]}`)
  t.strictSame(faults('list', document('"total":18446744073709551615')), [])
  t.strictSame(faults('list', document('"total":0,"reserved":-2')), [], 'which can wrap')
  for (const wrong of ['"total":-1', '"total":1.5', '"total":"1"', '"total":null', '"pageSize":0'])
    t.not(faults('list', document(wrong)).length, 0, wrong)
})

t.test('a configuration that is exported is as its schema has it', async (t) => {
  for (const tree of ['one-node', 'two-nodes', 'arm64-64k']) {
    const { stdout } = await run(['export'], { tree })
    t.strictSame(faults('config', parseToml(stdout)), [], stdout)
  }
  t.not(faults('config', parseToml('[pools.2M]\npage = 5\n')).length, 0)
})
