import { readFileSync } from 'node:fs'
import { metricFamilies } from '../../src/model/telemetry/metric-table.ts'
import { documentNames } from '../../src/output/document-names.ts'
import { jsonSchemaOf } from '../../src/output/schemas/json-schemas.ts'

// Scripts rely on the keys of documents and on the names of metrics. Those that there were are kept in
// files, by which a test notices one that went or means something else.

/** The parts of a JSON Schema that are made of the schemas here. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
}

/** A key by its path, with all schemas that it has in the alternatives of a document. */
type Keys = Map<string, { readonly schemas: Schema[]; absent: boolean }>

const elementsOf = ({ items, prefixItems = [] }: Schema): readonly Schema[] =>
  items === undefined ? prefixItems : [items, ...prefixItems]

/** The objects that can stand at a place, by its path. */
const objectsAt = (schema: Schema, path: string): readonly (readonly [string, Schema])[] => {
  const { anyOf = [], properties, additionalProperties: more } = schema
  return [
    ...anyOf.flatMap((one) => objectsAt(one, path)),
    ...elementsOf(schema).flatMap((one) => objectsAt(one, `${path}[]`)),
    ...(typeof more === 'object' ? objectsAt(more, `${path}.*`) : []),
    ...(properties === undefined ? [] : [[path, schema] as const]),
  ]
}

const objectsOf = (
  found: readonly (readonly [string, Schema])[],
  place: string,
): readonly Schema[] => found.flatMap(([where, one]) => (where === place ? [one] : []))

/** Every document has the error of a failed command, whose keys are those of the document of an error. */
const isElsewhere = (name: string, path: string): boolean => name !== 'error' && path === 'error'

/** The reasons of all failures are many, and are there once. */
const isReason = (name: string, path: string): boolean =>
  name !== 'error' && /(?:denied|error|failure)\.reason$/.test(path)

const addKeys = (name: string, objects: readonly Schema[], path: string, keys: Keys): void => {
  for (const key of new Set(objects.flatMap(({ properties = {} }) => Object.keys(properties)))) {
    const at = path === '' ? key : `${path}.${key}`
    const schemas = objects.flatMap(({ properties }) => properties?.[key] ?? [])
    keys.set(at, { schemas, absent: !objects.every(({ required = [] }) => required.includes(key)) })
    if (isElsewhere(name, at)) continue
    const below = schemas.flatMap((one) => objectsAt(one, at))
    for (const place of new Set(below.map(([where]) => where)))
      addKeys(name, objectsOf(below, place), place, keys)
  }
}

/** The types of a value: of a list those of what is in it too. */
const typesOf = (schema: Schema): readonly string[] => {
  const { type = [], anyOf = [] } = schema
  return [
    ...[type].flat(),
    ...anyOf.flatMap(typesOf),
    ...elementsOf(schema).flatMap((one) => typesOf(one).map((each) => `${each}[]`)),
  ]
}

/** The words of a closed list. */
const wordsOf = (schema: Schema): readonly string[] => [
  ...(schema.enum ?? []),
  ...(schema.const === undefined ? [] : [`${schema.const}`]),
  ...[...(schema.anyOf ?? []), ...elementsOf(schema)].flatMap(wordsOf),
]

const sortedSet = (words: readonly string[]): string => [...new Set(words)].sort().join()

/** What scripts rely on: its name, what may not change of it, and the words to which some may be added. */
export interface LastingName {
  readonly name: string
  readonly kind: string
  /** Whether it may be absent. */
  readonly absent: boolean
  readonly words: readonly string[]
}

const documentKeys = (): readonly LastingName[] =>
  documentNames.flatMap((document) => {
    const keys: Keys = new Map()
    addKeys(document, objectsOf(objectsAt(jsonSchemaOf(document) as Schema, ''), ''), '', keys)
    return [...keys].map(([path, { schemas, absent }]) => ({
      name: `${document}:${path.replaceAll(' ', '_')}`,
      kind: sortedSet(schemas.flatMap(typesOf)) || 'any',
      absent,
      words: isReason(document, path) ? [] : [...new Set(schemas.flatMap(wordsOf))].sort(),
    }))
  })

const metricNames = (): readonly LastingName[] =>
  metricFamilies.map(({ name, type, unit = 'none', labels }) => ({
    name: `${name}{${labels.join()}}`,
    kind: `${type},${unit}`,
    absent: true,
    words: [],
  }))

/** The files, beside what they are compared with. */
export const lastingFiles = [
  [new URL('../fixtures/lasting/document-keys.txt', import.meta.url), documentKeys],
  [new URL('../fixtures/lasting/metric-names.txt', import.meta.url), metricNames],
] as const

/** One line: `list:pools[].node integer absent`. */
export const lineOf = ({ name, kind, absent, words }: LastingName): string =>
  [name, kind, absent ? 'absent' : 'always', words.join('|')].join(' ').trimEnd()

export const readLasting = (file: URL): readonly LastingName[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', kind = '', absent, ...rest] = line.split(' ')
      const words = rest.length === 0 ? [] : rest.join(' ').split('|')
      return { name, kind, absent: absent === 'absent', words }
    })

/** Why a name is not what it was; undefined where it is, or only gained. */
export const breaks = (before: LastingName, now: LastingName | undefined): string | undefined => {
  if (now === undefined) return 'it went'
  if (now.kind !== before.kind) return `it was ${before.kind}, and is ${now.kind}`
  if (now.absent && !before.absent) return 'it was always there, and may be absent'
  const gone = before.words.filter((word) => !now.words.includes(word))
  return gone.length === 0 || now.words.length === 0 ? undefined : `it lost ${gone.join()}`
}
