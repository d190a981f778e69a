import * as z from 'zod'
import { HugepoolError } from '../../errors.ts'
import { parseMountLimit } from '../mounts/mount-limit.ts'
import { parseInodes, parseMode } from '../mounts/mount-request.ts'
import { roundings } from '../words/count.ts'
import { parseLeave } from '../words/leave.ts'
import type { ConfigFault, KeyPath } from './config-fault.ts'
import {
  parseCma,
  parseConfiguredSize,
  parseFlagWords,
  parseMountPoint,
  parseOwner,
} from './config-words.ts'
import { parseCertainCount, parseConfiguredPages } from './configured-count.ts'
import { unknownKey } from './unknown-key.ts'
import { whenParsers } from './when-words.ts'

// This is what can stand in a file. Its words are read by the parsers of the command line.

type Word = bigint | string

/** Reads a value by a parser that throws E_USAGE, which becomes a fault of this value. */
const parsedBy =
  <Value, Result>(parse: (value: Value) => Result) =>
  (value: Value, context: z.core.$RefinementCtx<Value>): Result => {
    try {
      return parse(value)
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      const { message, hint, reason } = error
      context.addIssue({ code: 'custom', message, input: value, params: { hint, reason } })
      return z.NEVER
    }
  }

/** A word of the command line, or a whole number, which needs no quotes. */
const wordOrNumber = z.union([z.bigint(), z.string()], {
  error: 'has to be a text in quotes, or a whole number',
})

const word = <Result>(parse: (text: string) => Result) =>
  wordOrNumber.transform(parsedBy((value: Word) => parse(String(value)))).optional()

/** Reads a size or an amount of memory, in which a number alone is bytes. */
const inBytes = <Result>(parse: (text: string) => Result, what: string) =>
  word(parse).describe(`${what}; a number is bytes`)

const text = <Result>(parse: (text: string) => Result, example: string) =>
  z
    .string({ error: `has to be a text in quotes, as in ${example}` })
    .transform(parsedBy(parse))
    .optional()

const yesOrNo = (description: string) =>
  z.boolean({ error: 'has to be true or false' }).optional().describe(description)

const table = 'has to be a table'

const poolTable = z.strictObject(
  {
    pages: word(parseConfiguredPages).describe(
      'the persistent pages; a number is pages: 512, "8G", "0:512,1:256" for each node, ">=512" for at least so many',
    ),
    overcommit: word(parseCertainCount).describe('how many surplus pages may exist: 128 or "1G"'),
    'demote-size': inBytes(parseConfiguredSize, 'the size that demote splits into: "2M"'),
    essential: yesOrNo('whether a shortage is a failure; otherwise it is a warning'),
    optional: yesOrNo('whether a size or node that the machine lacks is left out'),
    boot: yesOrNo('whether the pages belong on the kernel command line too'),
  },
  { error: table },
)

const mountTable = z.strictObject(
  {
    'page-size': inBytes(parseConfiguredSize, 'the size of the pages of its files: "2M"'),
    size: inBytes(parseMountLimit, 'what its files may take at most: "8G" or "50%"'),
    'min-size': inBytes(parseMountLimit, 'what is reserved for its files: "8G" or "50%"'),
    round: z
      .enum(roundings, { error: 'has to be "up" or "down"' })
      .optional()
      .describe('where limits that are no whole number of pages are rounded to'),
    'nr-inodes': word(parseInodes).describe('how many files and directories there may be'),
    uid: word(parseOwner).describe('the owner of its root, by name or number'),
    gid: word(parseOwner).describe('the group of its root, by name or number'),
    mode: text(parseMode, '"0770"').describe('the mode of its root, octal'),
    options: text(parseFlagWords, '"noexec"').describe('flags such as "ro,noexec"'),
    mkdir: yesOrNo('whether the directory is made where it is missing'),
    over: yesOrNo('whether it is mounted over what is there'),
  },
  { error: table },
)

const oneOrMoreWords = 'has to be a text in quotes, or a list of such texts'

const oneOrMore = <Result>(
  parse: (words: readonly string[]) => Result,
  one: z.ZodType<Word, Word> = wordOrNumber,
) =>
  z
    .union([one, z.array(one).min(1, { error: oneOrMoreWords })], { error: oneOrMoreWords })
    .transform(parsedBy((value: Word | readonly Word[]) => parse([value].flat().map(String))))
    .optional()

const whenTable = z.strictObject(
  {
    host: oneOrMore(whenParsers.host).describe('the name or number of the host, with * and ?'),
    nodes: oneOrMore(whenParsers.nodes).describe('how many NUMA nodes have memory: 2 or ">=2"'),
    memory: oneOrMore(whenParsers.memory, z.string()).describe(
      'the memory of the machine: ">=64G"',
    ),
    arch: oneOrMore(whenParsers.arch, z.string()).describe('what uname -m prints'),
    virtualization: oneOrMore(whenParsers.virtualization, z.string()).describe(
      'what systemd-detect-virt prints',
    ),
  },
  { error: table },
)

const bootTable = z.strictObject(
  {
    'default-page-size': inBytes(parseConfiguredSize, 'default_hugepagesz: "2M"'),
    'free-vmemmap': yesOrNo('hugetlb_free_vmemmap'),
    cma: text(parseCma, '"0:2G,1:2G"').describe('hugetlb_cma'),
  },
  { error: table },
)

const tuneTable = z.strictObject(
  {
    'shm-group': word(parseOwner).describe(
      'the group that may make SysV segments of huge pages, by name or number',
    ),
  },
  { error: table },
)

/** Checks the name of a table, and keeps its spelling: `namedTables` finds two of one name. */
const nameOf = (parse: (name: string) => unknown) =>
  z.string().superRefine((name, context) => {
    parsedBy(parse)(name, context)
  })

/** What one file says. */
export const configSchema = z.strictObject({
  version: z
    .literal(1n, { error: 'has to be 1: this hugepool knows no other' })
    .optional()
    .describe('the version of the format'),
  leave: inBytes(parseLeave, 'the memory that has to stay available: "2G"'),
  pools: z
    .record(nameOf(parseConfiguredSize), poolTable, { error: table })
    .optional()
    .describe('the pools, by page size'),
  mounts: z
    .record(nameOf(parseMountPoint), mountTable, { error: table })
    .optional()
    .describe('the hugetlbfs mounts, by directory'),
  boot: bootTable.optional().describe('the kernel command line'),
  tune: tuneTable.optional().describe('settings around the pools'),
  when: whenTable.optional().describe('the machines for which a drop-in is'),
})

/** What one file says, with every word read. */
export type ConfigTables = z.infer<typeof configSchema>
export type PoolKeys = z.infer<typeof poolTable>
export type MountKeys = z.infer<typeof mountTable>

/** The keys of each table, by the name at the start of a path. Those of the file have no name. */
const keysOfTables: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configSchema.shape),
  pools: Object.keys(poolTable.shape),
  mounts: Object.keys(mountTable.shape),
  boot: Object.keys(bootTable.shape),
  tune: Object.keys(tuneTable.shape),
  when: Object.keys(whenTable.shape),
}

const faultsIn = (issue: z.core.$ZodIssue): readonly ConfigFault[] => {
  const path: KeyPath = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(path, key, keysOfTables))
  // What is wrong with the name of a table stands in an issue of its own.
  const [told = issue] = issue.code === 'invalid_key' ? issue.issues : []
  const params: Omit<ConfigFault, 'path' | 'message'> =
    told.code === 'custom' ? (told.params ?? {}) : {}
  return [{ path, message: told.message, ...params }]
}

/** Reads what the parser of TOML made of a file: the tables, or all that is wrong with them. */
export const readTables = (
  value: unknown,
): { readonly tables: ConfigTables } | { readonly faults: readonly ConfigFault[] } => {
  const { data, error } = configSchema.safeParse(value)
  return error === undefined ? { tables: data } : { faults: error.issues.flatMap(faultsIn) }
}
