import * as z from 'zod'
import { failureReasons } from '../../src/model/words/failure-reason.ts'
import { schemas } from '../../src/output/schemas/documents.ts'
import { findingsSchema } from '../../src/output/schemas/findings-schema.ts'
import { keptPart } from '../../src/output/schemas/kept-schema.ts'
import { loaderSchema } from '../../src/output/schemas/loader-schema.ts'
import { mountPart, persistedPart, shownMountPart } from '../../src/output/schemas/mounts-schema.ts'
import {
  errorPart,
  errorSchema,
  holderPart,
  unexaminedKey,
} from '../../src/output/schemas/parts.ts'
import { listSchema, poolSchema, shownPoolPart } from '../../src/output/schemas/pools-schema.ts'
import {
  metricsTimerSchema,
  printedServiceSchema,
  serviceStatePart,
} from '../../src/output/schemas/service-schema.ts'
import { keptSettingsPart, settingPart, tuneSchema } from '../../src/output/schemas/tune-schema.ts'
import { writerPart } from '../../src/output/schemas/writer-schema.ts'

/** The schema below what makes it optional. */
const bare = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional ? bare(schema.unwrap() as z.ZodType) : schema

const describedBy = (schema: z.ZodType): string | undefined =>
  schema.description ??
  (schema instanceof z.ZodOptional ? describedBy(schema.unwrap() as z.ZodType) : undefined)

/** What a list has, or a list of exactly one. */
const elementOf = (schema: z.ZodType): z.ZodType | undefined => {
  if (schema instanceof z.ZodArray) return bare(schema.element as z.ZodType)
  return schema instanceof z.ZodTuple ? bare(schema.def.items[0] as z.ZodType) : undefined
}

const isText = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodString || schema instanceof z.ZodEnum

const kindOf = (schema: z.ZodType): string => {
  if (elementOf(schema) !== undefined) return 'list'
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return 'object'
  if (schema instanceof z.ZodBoolean) return 'true or false'
  if (schema instanceof z.ZodUnion)
    return schema.options.some((one) => isText(one as z.ZodType)) ? 'number or text' : 'number'
  if (schema instanceof z.ZodLiteral) {
    const [value] = schema.values
    return typeof value === 'string' ? 'text' : `${value}`
  }
  return isText(schema) ? 'text' : 'number'
}

const wordsOf = (schema: z.ZodType): readonly string[] =>
  schema instanceof z.ZodEnum ? schema.options.map(String) : []

/** One key of a document, by its path as jq writes it. */
interface JsonKey {
  readonly path: string
  readonly text: string | undefined
  readonly kind: string
  /** The words that it is one of. */
  readonly words: readonly string[]
  readonly optional: boolean
}

const unexaminedPart = elementOf(bare(unexaminedKey)) as z.ZodType

/** Parts that have a heading of their own. One may be known by a second schema with fewer keys. */
const parts = [
  ['A pool', shownPoolPart, poolSchema],
  ['A mount', shownMountPart, mountPart],
  ['What mounts at every start', persistedPart],
  ['What is kept for every start', keptPart],
  ['A setting', settingPart],
  ['What is kept of settings', keptSettingsPart],
  ['What else sets it at a start', writerPart],
  ['A service', serviceStatePart],
  ['A holder', holderPart],
  ['A process that could not be looked into', unexaminedPart],
  ['An error', errorPart],
] as const

const hasHeading = (schema: z.ZodType): boolean =>
  parts.some(([, ...known]) => known.some((one) => one === schema))

/** The keys of an object, and of the objects in it that have no heading of their own. */
const keysOf = (schema: z.ZodType, below = ''): readonly JsonKey[] => {
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((one) => keysOf(one as z.ZodType, below))
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, value]) => {
    const path = `${below}${name}`
    const inner = bare(value)
    const kind = kindOf(inner)
    const words = path.endsWith('reason') ? [] : wordsOf(inner)
    const key = { path, text: describedBy(value), kind, words, optional: value !== inner }
    const element = elementOf(inner)
    const next = element ?? inner
    const deeper = element === undefined ? `${path}.` : `${path}[].`
    return [key, ...(hasHeading(next) ? [] : keysOf(next, deeper))]
  })
}

const unique = (keys: readonly JsonKey[]): readonly JsonKey[] =>
  keys.filter(({ path, text }, at) => {
    const first = keys.findIndex((other) => other.path === path && other.text === text)
    return first === at
  })

const common = new Set(['version', 'notes', 'hints', 'error'])

/** Second documents of a command that are no dry runs. */
const titles = new Map<z.core.$ZodType, string>([
  [printedServiceSchema, 'service print'],
  [metricsTimerSchema, 'service metrics'],
  [loaderSchema, 'boot --install, boot --remove, boot --pending'],
  [findingsSchema, 'doctor without an ASSIGNMENT'],
  [tuneSchema, 'tune KEY=VALUE'],
])

/** Documents of their own: what a command prints, and what each can print besides. */
const named: readonly (readonly [string, z.ZodType])[] = Object.entries(schemas).flatMap(
  ([name, schema]): (readonly [string, z.ZodType])[] =>
    schema instanceof z.ZodUnion
      ? schema.options.map((one, at) => [
          at === 0 ? name : (titles.get(one) ?? `${name} --dry-run`),
          one,
        ])
      : [[name, schema]],
)

/** One document that several commands print is shown once. */
const documents: readonly (readonly [string, z.ZodType])[] = [
  ...new Set(named.map(([, schema]) => schema)),
].map((schema) => {
  const names = named.flatMap(([name, each]) => (each === schema ? [name] : []))
  return [names.join(', '), schema]
})

/** Every key of every document with the place that it has. */
export const everyKey: readonly (readonly [where: string, JsonKey])[] = [
  ...documents,
  ['error', errorSchema] as const,
  ...parts.map(([title, schema]) => [title, schema] as const),
].flatMap(([where, schema]) => unique(keysOf(schema)).map((key) => [where, key] as const))

const item = ({ path, text, kind, words, optional }: JsonKey): readonly string[] => [
  `.It Li ${path}`,
  `${kind}${optional ? ', may be absent' : ''}:`,
  `${text}${words.length > 0 ? ': one of' : ''}`,
  ...words.map((word, at) => `.Ql ${word}${at + 1 < words.length ? ' ,' : ''}`),
]

const list = (items: readonly string[]) => ['.Bl -tag -width Ds', ...items, '.El']

const headed = (title: string, schema: z.ZodType, without: ReadonlySet<string>) => {
  const keys = unique(keysOf(schema)).filter(({ path }) => !without.has(path))
  return [`.Ss ${title}`, ...list(keys.flatMap(item))]
}

/** The sections of the page that the schemas decide. */
export const keySections: readonly string[] = [
  '.Sh DOCUMENTS',
  'Every document has',
  '.Li version',
  'and may have',
  '.Li notes ,',
  '.Li hints',
  'and',
  '.Li error .',
  ...list(
    [...common].flatMap((name) =>
      [errorSchema, listSchema]
        .flatMap((schema) => keysOf(schema))
        .filter(({ path }) => path === name)
        .slice(0, 1)
        .flatMap(item),
    ),
  ),
  ...documents.flatMap(([name, schema]) => headed(name, schema, common)),
  '.Sh PARTS',
  'What several documents have.',
  ...parts.flatMap(([title, schema]) => headed(title, schema, new Set())),
  '.Sh REASONS',
  'Each failure has one of these words in',
  '.Li reason .',
  'Words may be added to the list.',
  ...list(Object.entries(failureReasons).flatMap(([word, text]) => [`.It Ql ${word}`, text])),
]
