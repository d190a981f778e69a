import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Parser } from 'yargs/helpers'
import { type ArchitectureName, architectureNames, architectures, native } from './architectures.ts'
import { machinesOf } from './every-machine.ts'

/** A command line that means nothing. */
export class UsageError extends Error {}

/** What a run of the laboratory was asked for. */
export interface Typed {
  readonly help: boolean
  readonly shell: boolean
  readonly architecture: ArchitectureName
  /** By their names; none: all of them. */
  readonly machines: readonly string[]
  /** Series by their names; none: those of each machine. */
  readonly kernels: readonly string[]
  /** By their files, which are those of the architecture where none is named; none: all of them. */
  readonly tests: readonly string[]
}

/** Every series there is, in the order of the list of its architecture. */
export const allSeries = (architecture = native): readonly string[] =>
  readFileSync(join(import.meta.dirname, architectures[architecture].kernels), 'utf8').match(
    /^[^#\s]+/gm,
  ) ?? []

const allTests = (): readonly string[] =>
  readdirSync(join(import.meta.dirname, '../live')).flatMap(
    (name) => /^(.*)\.ts$/.exec(name)?.[1] ?? [],
  )

const known = <Name extends string>(
  what: string,
  names: readonly string[],
  all: readonly Name[],
): readonly Name[] => {
  const unknown = names.find((name) => !all.some((each) => each === name))
  if (unknown !== undefined) throw new UsageError(`no ${what} '${unknown}': ${all.join(' ')}`)
  return [...new Set(names)] as Name[]
}

/** The names that an option lists, however often it is given. */
const listed = (value: unknown): readonly string[] =>
  [value ?? []].flat().flatMap((names) => String(names).split(','))

const parse = (words: readonly string[]) => {
  const parsed = Parser([...words], {
    string: ['arch', 'kernel', 'tests'],
    boolean: ['shell', 'help'],
    alias: { help: ['h'] },
    configuration: {
      'unknown-options-as-args': true,
      'boolean-negation': false,
      'parse-positional-numbers': false,
    },
  })
  // Of `--no-` and a known name the parser of yargs makes an option in any case.
  const negated = Object.keys(parsed).flatMap((name) => (/^no-/.test(name) ? [`--${name}`] : []))
  const [unknown] = [...parsed._.map(String).filter((word) => word.startsWith('-')), ...negated]
  if (unknown !== undefined) throw new UsageError(`no option ${unknown}`)
  return parsed
}

export const parseTyped = (words: readonly string[]): Typed => {
  const parsed = parse(words)
  const [architecture = native, another] = known(
    'architecture',
    listed(parsed.arch),
    architectureNames,
  )
  if (another !== undefined) throw new UsageError('--arch takes one architecture')
  const kernels = listed(parsed.kernel)
  const series = allSeries(architecture)
  const asked = listed(parsed.tests)
  const typed = {
    help: parsed.help !== undefined,
    shell: parsed.shell !== undefined,
    architecture,
    machines: known(
      'machine',
      parsed._.map(String),
      machinesOf[architecture].map(({ name }) => name),
    ),
    kernels: kernels.includes('all') ? series : known('kernel', kernels, series),
    tests: asked.includes('all')
      ? []
      : known(
          'test',
          asked.length > 0 ? asked : (architectures[architecture].tests ?? []),
          allTests(),
        ),
  }
  if (typed.shell && (typed.machines.length > 1 || typed.kernels.length > 1))
    throw new UsageError('--shell boots one machine with one kernel')
  return typed
}
