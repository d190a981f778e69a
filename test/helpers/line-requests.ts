import type { BootMachine } from '../../src/model/boot/boot-machine.ts'
import { cmaOfAssignment } from '../../src/model/boot/cma-request.ts'
import { type KernelSeries, rulesOf } from '../../src/model/boot/kernel-series.ts'
import type { LineRequest } from '../../src/model/boot/line-request.ts'
import { parseAssignment } from '../../src/model/words/assignment.ts'
import { formatSize, type PageSize } from '../../src/model/words/page-size.ts'
import { present } from '../../src/model/words/present.ts'
import * as fc from './property.ts'
import { G, M } from './sizes.ts'

/** A series for every change of the rules, and those around. */
export const allSeries: readonly KernelSeries[] = [
  [5, 6],
  [5, 7],
  [5, 10],
  [5, 14],
  [5, 15],
  [5, 16],
  [6, 1],
  [6, 8],
  [6, 12],
  [6, 14],
  [6, 15],
  [6, 18],
  [7, 0],
  [7, 2],
  [7, 3],
]

const kinds = [
  { sizes: [2n * M], wordsKept: 5, largestBlock: 4n * M },
  { sizes: [2n * M, G], wordsKept: 5, largestBlock: 4n * M },
  { sizes: [2n * M, 64n * 1024n, 32n * M, G], wordsKept: 9, largestBlock: 4n * M },
  { sizes: [512n * M, 2n * M, 16n * G], wordsKept: 9, largestBlock: 512n * M },
]

/** Machines of one to four nodes, of several architectures. */
export const bootMachines = fc
  .record({
    kind: fc.constantFrom(...kinds),
    nodes: fc.uniqueArray(fc.record({ node: fc.nat(9), memory: fc.integer({ min: 4, max: 64 }) }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ node }) => node,
    }),
    cpus: fc.integer({ min: 1, max: 64 }),
    hasCma: fc.boolean(),
    hasFreeVmemmap: fc.boolean(),
  })
  .map(
    ({ kind, nodes, ...rest }): BootMachine => ({
      ...kind,
      ...rest,
      usualSize: kind.sizes[0] ?? 0n,
      nodes: nodes
        .sort((a, b) => a.node - b.node)
        .map(({ node, memory }) => ({ node, memory: BigInt(memory) * G })),
    }),
  )

const least = ({ nodes }: BootMachine) =>
  nodes.reduce((min, { memory }) => (memory < min ? memory : min), 64n * G)

/** An assignment of pages that take at most a share of what each node has. */
const assignmentOf = (machine: BootMachine, size: PageSize, nodeForm: boolean) => {
  const most = least(machine) / 8n / size
  const count = fc.bigInt({ min: 0n, max: most })
  const nodes = fc
    .subarray([...machine.nodes], { minLength: 1 })
    .chain((some) => fc.tuple(...some.map(({ node }) => count.map((pages) => `${node}:${pages}`))))
    .map((parts) => parts.reverse().join(','))
  const all = fc.bigInt({ min: 0n, max: most * BigInt(machine.nodes.length) }).map(String)
  return (nodeForm ? fc.oneof(nodes, all) : all).map((counts) => `${formatSize(size)}=${counts}`)
}

/** What is asked of a kernel on a machine, as it is typed. */
export interface Asked {
  readonly series: KernelSeries
  readonly machine: BootMachine
  readonly words: readonly string[]
  readonly typed: {
    readonly defaultSize?: PageSize
    readonly freeVmemmap?: boolean
    readonly cma?: string
  }
}

/** What can be had of a series on a machine. */
const possible = (series: KernelSeries, machine: BootMachine): fc.Arbitrary<Asked> => {
  const rules = rulesOf(series)
  const [unit] = [...machine.sizes]
    .filter((size) => size > machine.largestBlock)
    .sort((a, b) => Number(b - a))
  const withCma =
    unit !== undefined && machine.hasCma && rules.cma !== 'unknown' && least(machine) >= 8n * unit
  const cma = withCma
    ? fc.option(assignmentOf(machine, unit, rules.cma === 'nodes'), { nil: undefined })
    : fc.constant(undefined)
  return cma.chain((area) => {
    const sizes =
      area === undefined
        ? machine.sizes
        : machine.sizes.filter((size) => size <= machine.largestBlock)
    return fc.record({
      series: fc.constant(series),
      machine: fc.constant(machine),
      words: fc
        .shuffledSubarray([...sizes])
        .chain((some) =>
          fc.tuple(...some.map((size) => assignmentOf(machine, size, rules.nodeForm))),
        ),
      typed: fc
        .record({
          defaultSize: fc.option(fc.constantFrom(...machine.sizes), { nil: undefined }),
          freeVmemmap:
            rules.freeVmemmap === 'unknown' || !machine.hasFreeVmemmap
              ? fc.constant(undefined)
              : fc.option(fc.boolean(), { nil: undefined }),
        })
        .map((typed) => present({ ...typed, cma: area })),
    })
  })
}

export const typedRequest = ({
  words,
  typed: { cma, ...rest },
}: Pick<Asked, 'words' | 'typed'>): LineRequest =>
  present({
    ...rest,
    assignments: words.map(parseAssignment),
    cma: cma === undefined ? undefined : cmaOfAssignment(parseAssignment(cma)),
  })

/** The pages of an assignment: of all nodes, or by node. */
export const pagesIn = (word: string) => {
  const [name = '', counts = ''] = word.split('=')
  const parts = counts.split(',').map((part) => part.split(':'))
  const isByNode = counts.includes(':')
  return {
    name,
    total: parts.reduce((sum, part) => sum + BigInt(part.at(-1) ?? ''), 0n),
    byNode: isByNode
      ? new Map(parts.map(([node, pages]) => [Number(node), BigInt(pages ?? '')]))
      : undefined,
  }
}

/** Requests that can be had. */
export const possibleLines = fc
  .tuple(fc.constantFrom(...allSeries), bootMachines)
  .chain(([series, machine]) => possible(series, machine))
