import t from 'tap'
import {
  type DescribedName,
  documentNames,
  isDocumentName,
} from '../../../src/output/document-names.ts'
import { schemas } from '../../../src/output/schemas/documents.ts'
import { jsonSchemaOf, jsonSchemaOfAll } from '../../../src/output/schemas/json-schemas.ts'
import { run } from '../../helpers/run.ts'

t.test('every document that a command prints has a schema', async (t) => {
  t.strictSame([...documentNames].sort(), ['config', 'error', ...Object.keys(schemas)].sort())
  t.strictSame(
    ['list', 'config', 'lists', ''].map((word) => isDocumentName(word)),
    [true, true, false, false],
  )
})

// biome-ignore lint/suspicious/noExplicitAny: a schema has no type of its own here.
const readable = (name: DescribedName): any => jsonSchemaOf(name)

t.test('counts and sizes are whole numbers with a bound', async (t) => {
  const { properties } = readable('list')
  const { total, pageSize, reserved } = properties.pools.items.properties
  t.strictSame(total, {
    description: 'pages in the pool, surplus included',
    type: 'integer',
    minimum: 0,
  })
  t.strictSame(pageSize, {
    description: 'the page size, in bytes',
    type: 'integer',
    exclusiveMinimum: 0,
  })
  t.equal(reserved.minimum, undefined, 'a counter that can be out of step')
})

/** All objects in a JSON value. */
const objectsIn = (value: unknown): readonly Record<string, unknown>[] =>
  typeof value !== 'object' || value === null
    ? []
    : [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)]

t.test('every schema says what each key is, and knows no others', async (t) => {
  for (const name of documentNames) {
    const schema = jsonSchemaOf(name)
    t.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema', name)
    t.type(schema.title, 'string')
    for (const { properties, additionalProperties } of objectsIn(schema)) {
      if (properties === undefined) continue
      t.equal(additionalProperties, false, name)
      for (const [key, value] of Object.entries(properties as object))
        t.type(value.description, 'string', `${name}: ${key}`)
    }
  }
})

/** The types that a key can have by its schema. */
const typesOf = (schema: Record<string, unknown>): readonly unknown[] => [
  ...[schema.type].flat(),
  ...[schema.anyOf, schema.items]
    .flat()
    .flatMap((one) => (one === undefined ? [] : typesOf(one as Record<string, unknown>))),
]

const unit =
  /\b(?:pages?|bytes|seconds|unit|how many|numbers?|ids?|exit status|version|as in \w+)\b/

t.test('every number of a document has its unit, or says what it counts or names', async (t) => {
  for (const name of documentNames)
    for (const { properties } of objectsIn(jsonSchemaOf(name)))
      for (const [key, value] of Object.entries((properties ?? {}) as Record<string, never>)) {
        const { description, ...schema } = value as Record<string, unknown>
        const isNumber = typesOf(schema).some((type) => type === 'integer' || type === 'number')
        t.ok(!isNumber || unit.test(`${description}`), `${name}: ${key}: ${description}`)
      }
})

t.test('the schema of a configuration', async (t) => {
  const { properties, title } = readable('config')
  t.equal(title, 'a file of the configuration of hugepool: hugepool.toml(5)')
  t.strictSame(Object.keys(properties), [
    'version',
    'leave',
    'pools',
    'mounts',
    'boot',
    'tune',
    'when',
  ])
  const { pages, essential } = properties.pools.additionalProperties.properties
  t.strictSame(pages.type, ['integer', 'string'])
  t.equal(essential.type, 'boolean')
  t.strictSame(properties.mounts.additionalProperties.properties.round.enum, ['up', 'down'])
})

t.test('one schema of all documents, without that of a file', async (t) => {
  const { $schema, title, anyOf, $defs } = jsonSchemaOfAll() as never
  const printed = documentNames.filter((name) => name !== 'config')
  t.strictSame(
    { $schema, title, anyOf, names: Object.keys($defs) },
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'what hugepool prints with --json',
      anyOf: printed.map((name) => ({ $ref: `#/$defs/${name}` })),
      names: printed,
    },
  )
  for (const name of printed)
    t.strictSame({ $schema, ...($defs[name] as object) }, jsonSchemaOf(name), name)
})

t.test('all, a schema and a document of it', async (t) => {
  t.strictSame(await run(['schema'], { tree: 'one-node' }), {
    status: 0,
    stdout: `${JSON.stringify(jsonSchemaOfAll(), undefined, 2)}\n`,
    stderr: '',
  })
  const all = await run(['schema', '--json'], { tree: 'one-node' })
  t.strictSame(JSON.parse(all.stdout), {
    version: 1,
    schemas: [...documentNames],
    schema: jsonSchemaOfAll(),
  })
  const { stdout } = await run(['schema', 'mounts'], { tree: 'one-node' })
  t.equal(stdout, `${JSON.stringify(jsonSchemaOf('mounts'), undefined, 2)}\n`)
  const one = await run(['schema', 'error', '-J'], { tree: 'one-node' })
  t.strictSame(JSON.parse(one.stdout), { version: 1, name: 'error', schema: jsonSchemaOf('error') })
})

t.test('other words are refused', async (t) => {
  t.strictSame(await run(['schema', 'lisst'], { tree: 'one-node' }), {
    status: 2,
    stdout: '',
    stderr:
      "hugepool: 'lisst' is not a document\nhint: did you mean list?\ntry 'hugepool schema --help'\n",
  })
  const { status, stderr } = await run(['schema', 'x'], { tree: 'one-node' })
  t.strictSame(
    { status, hint: stderr.split('\n')[1] },
    { status: 2, hint: `hint: the documents are ${documentNames.join(', ')}` },
  )
})
