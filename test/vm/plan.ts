import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type ArchitectureName, native } from './architectures.ts'
import { machinesOf } from './every-machine.ts'
import type { VirtualMachine } from './machines.ts'
import { type Boot, emulation } from './qemu.ts'
import type { Typed } from './words.ts'

/** What one run of the laboratory boots. */
export interface Plan {
  /** Where its files are, until it has ended. */
  readonly directory: string
  readonly boots: readonly NamedBoot[]
  /** Whether these are all tests on all machines, each with all of its kernels at least. */
  readonly whole: boolean
}

/** Where the failures of the guests are gathered, in the directory of a run. */
export const failuresOf = (directory: string): string => join(directory, 'failures')

/** The plan that main.ts has written for the tests that it starts. */
export const readPlan = (): Plan => {
  const path = process.env.HUGEPOOL_VM_PLAN
  if (path === undefined) throw new Error('run this with: npm run test:vm')
  return JSON.parse(readFileSync(path, 'utf8')) as Plan
}

/** A machine and the series of its kernel, as in the list of its architecture. */
export interface Pair {
  readonly architecture: ArchitectureName
  readonly machine: VirtualMachine
  readonly series: string
}

export interface NamedBoot extends Boot, Pair {
  /** As Debian writes it, such as `6.12.117+deb12`. */
  readonly version: string
}

/** The series on which a machine boots, of those that are asked for: all it can boot, or none. */
const seriesOf = (machine: VirtualMachine, asked: readonly string[]): readonly string[] => {
  if (asked.length === 0) return machine.kernels
  return machine.modules ? asked.filter((series) => machine.kernels.includes(series)) : asked
}

/** What to boot; a shell is in one machine only. */
export const plannedPairs = ({
  architecture,
  shell,
  machines: names,
  kernels,
}: Typed): readonly Pair[] => {
  const chosen = machinesOf[architecture].filter(
    ({ name }) => names.length === 0 || names.includes(name),
  )
  const pairs = chosen.flatMap((machine) =>
    seriesOf(machine, kernels).map((series) => ({ architecture, machine, series })),
  )
  return shell ? pairs.slice(0, 1) : pairs
}

/** The series for which modules are built. */
export const moduleSeries = (pairs: readonly Pair[]): readonly string[] => [
  ...new Set(pairs.flatMap(({ machine, series }) => (machine.modules ? [series] : []))),
]

/** Only then has every test to run somewhere: some need what one series or machine has. */
export const isWhole = (pairs: readonly Pair[], tests: readonly string[]): boolean =>
  tests.length === 0 &&
  machinesOf[native].every(({ name, kernels }) =>
    kernels.every((each) =>
      pairs.some(
        ({ architecture, machine, series }) =>
          architecture === native && machine.name === name && series === each,
      ),
    ),
  )

/** Paths of kernels by series, of lines as kernels.sh writes them. */
export const kernelImages = (printed: string): ReadonlyMap<string, string> =>
  new Map(
    printed
      .trim()
      .split('\n')
      .map((line) => {
        const space = line.indexOf(' ')
        return [line.slice(0, space), line.slice(space + 1)]
      }),
  )

/** Updates that the tests of a guest are to make, where that is said, and the time that they take. */
const withUpdates = ({ machine }: Pair): { machine: VirtualMachine; append: readonly string[] } => {
  const words = ['HUGEPOOL_UPDATES', 'HUGEPOOL_UPDATES_SEED'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [`${name}=${value}`]
  })
  const updates = Number(process.env.HUGEPOOL_UPDATES ?? 0)
  const isMeant = machine.processes === 'updates' && words.length > 0
  if (!isMeant) return { machine, append: [] }
  return { machine: { ...machine, limit: machine.limit + updates }, append: words }
}

/** The boots of these pairs with the kernels that there are; of a whole run some are brief. */
export const bootsOf = (
  pairs: readonly Pair[],
  kernels: ReadonlyMap<string, string>,
  image: string,
  whole = false,
): readonly NamedBoot[] =>
  pairs.map((pair) => {
    const brief = whole && (pair.machine.brief?.includes(pair.series) ?? false)
    const { machine, append: updates } = withUpdates(pair)
    const append = [...(brief ? ['HUGEPOOL_BRIEF=1'] : []), ...updates]
    const kernel = kernels.get(pair.series) ?? ''
    const version =
      /linux-(?:image|binary)-(.*?)-(?:cloud|arm64|powerpc64le|s390x)/.exec(kernel)?.[1] ?? kernel
    return {
      ...pair,
      machine,
      version,
      kernel,
      image,
      accelerator: emulation(pairs.length, availableParallelism()),
      ...(append.length > 0 && { append }),
    }
  })
