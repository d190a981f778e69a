import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadAllCommands } from '../../../src/cli/commands.ts'
import {
  type Document,
  type DocumentName,
  type DryRunDocument,
  type ErrorDocument,
  type PoolDocument,
  schemas,
} from '../../../src/output/schemas/documents.ts'
import { documentedLines as lines, printedBy } from '../../helpers/documented-lines.ts'
import { parseExact } from '../../helpers/json.ts'

const commands = await loadAllCommands()

t.test('every command has a schema, and every schema a command', async (t) => {
  t.strictSame(
    Object.keys(schemas),
    commands.map(({ name }) => name),
  )
})

t.test('every command that has a dry run is tried with it', async (t) => {
  for (const { name, options } of commands)
    t.equal(
      lines[name as DocumentName].some((line) => line.endsWith(' --dry-run')),
      options.some((option) => option.name === 'dry-run'),
      name,
    )
})

for (const name of Object.keys(schemas) as DocumentName[])
  for (const line of lines[name])
    t.test(`${line} --json is as its schema has it`, async (t) => {
      const { stdout } = await printedBy(t, name, line)
      const found = parseExact(stdout) as object
      t.strictSame(schemas[name].parse(found), found)
      t.notOk('error' in found, stdout)
      t.throws(() => schemas[name].parse({ ...found, more: 1 }), { name: 'ZodError' })
    })

t.test('a command needs no more of a schema than its type', async (t) => {
  const source = join(import.meta.dirname, '../../../src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const loading = files.filter(
    (name) =>
      name.endsWith('.ts') &&
      /^import (?!type )[^']*'(?:zod|(?!\.\/commands\/)[^']*schema[^']*)'/m.test(
        readFileSync(join(source, name), 'utf8'),
      ),
  )
  t.strictSame(loading.sort(), [
    'model/config/config-file.ts',
    'model/config/config-schema.ts',
    'output/schemas/boot-schema.ts',
    'output/schemas/cp-schema.ts',
    'output/schemas/desired-schema.ts',
    'output/schemas/doctor-schema.ts',
    'output/schemas/documents.ts',
    'output/schemas/export-schema.ts',
    'output/schemas/files-schema.ts',
    'output/schemas/findings-schema.ts',
    'output/schemas/json-schemas.ts',
    'output/schemas/kept-schema.ts',
    'output/schemas/loader-schema.ts',
    'output/schemas/metrics-schema.ts',
    'output/schemas/mounts-schema.ts',
    'output/schemas/parts.ts',
    'output/schemas/pools-schema.ts',
    'output/schemas/schema-schema.ts',
    'output/schemas/service-schema.ts',
    'output/schemas/test-schema.ts',
    'output/schemas/tune-schema.ts',
    'output/schemas/umount-schema.ts',
    'output/schemas/watch-schema.ts',
    'output/schemas/who-schema.ts',
    'output/schemas/writer-schema.ts',
  ])
})

t.test('a document that is not as its schema has it does not compile', async (t) => {
  const pool: PoolDocument = {
    ...{ pageSize: 2n, total: 1n, persistent: 1n, free: 1n, inUse: 0n, surplus: 0n, memory: 2n },
  }
  const whole: Document<'list'> = { pools: [pool] }
  // @ts-expect-error A key is missing.
  const lacking: Document<'list'> = {}
  // @ts-expect-error A key is unknown.
  const unknown: Document<'list'> = { pools: [], more: 1 }
  // @ts-expect-error A number of pages is no number of JavaScript.
  const inexact: PoolDocument = { ...pool, total: 1 }
  // @ts-expect-error No command is called so.
  const nobody: Document<'nobody'> = { pools: [] }
  const writes: DryRunDocument = { dryRun: true, writes: [{ path: '/sys/x', value: 5n }] }
  // @ts-expect-error There is no such code.
  const error: ErrorDocument = { code: 'E_NOBODY', reason: 'kernel', message: 'words' }
  // @ts-expect-error There is no such reason.
  const unknownError: ErrorDocument = { code: 'E_KERNEL', reason: 'nothing', message: 'words' }
  t.equal([whole, lacking, unknown, inexact, nobody, writes, error, unknownError].length, 8)
})

/** The exported builders of documents in a text whose type is not written down. */
const untyped = (text: string): readonly string[] =>
  [...text.matchAll(/^export const (\w+Document) =([\s\S]*?)=>\s*(?:\(?\{|[a-z.])/gm)].flatMap(
    ([, name = '', head = '']) => (/\): (?:readonly )?[A-Z]/.test(head) ? [] : [name]),
  )

t.test('what makes a document says by which schema', async (t) => {
  const source = join(import.meta.dirname, '../../../src/output')
  const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(source, name), 'utf8'))
  t.ok([...texts.join('').matchAll(/^export const \w+Document =/gm)].length > 30, 'found')
  t.strictSame(texts.flatMap(untyped), [])
  t.strictSame(untyped('export const aDocument = (a: A) => ({\n'), ['aDocument'])
  t.strictSame(untyped('export const aDocument =\n  (a: A) =>\n  (b: B): ADocument => ({\n'), [])
})
