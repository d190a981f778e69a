import type { Pages } from '../words/count.ts'
import type { PageSize } from '../words/page-size.ts'
import type { BootMachine } from './boot-machine.ts'
import { splitLine } from './command-line.ts'
import { rulesOf } from './kernel-series.ts'
import type { LineTarget } from './line-request.ts'
import { predictBoot } from './predict-boot.ts'
import { sysctlOf } from './related-words.ts'

/** No count takes so many bytes. */
const endless = 2n ** 128n

/**
 * Makes a machine that has memory for every count. Where none of its nodes shows memory, all are
 * taken to have some.
 */
const endlessMachine = (machine: BootMachine): BootMachine => {
  const isShown = machine.nodes.some(({ memory }) => memory !== 0n)
  return {
    ...machine,
    nodes: machine.nodes.map(({ node, memory }) => ({
      node,
      memory: isShown && memory === 0n ? 0n : endless,
    })),
  }
}

/**
 * Returns the pages of each size that the words of a command line ask for, without sizes that have
 * none. It does not matter whether there was memory for them. What sysctls of the line set is not
 * among them.
 */
export const pagesOnLine = (
  line: string,
  { series, machine }: LineTarget,
): ReadonlyMap<PageSize, Pages> => {
  const words = splitLine(line).words.filter(({ name }) => sysctlOf(name) === undefined)
  const { pools } = predictBoot(
    words.map(({ text }) => text).join(' '),
    series,
    endlessMachine(machine),
  )
  return new Map(
    pools.filter(({ total }) => total > 0n).map(({ size, total }) => [size, total] as const),
  )
}

/**
 * Writes the words `sysctl.NAME=VALUE` of a command line as lines of sysctl.conf(5). Kernels before
 * 5.8 know no such words.
 */
export const sysctlsOnLine = (line: string, { series }: Pick<LineTarget, 'series'>): string =>
  rulesOf(series).sysctlWords
    ? splitLine(line)
        .words.flatMap(({ name, value }) =>
          name.startsWith('sysctl.') && value !== undefined
            ? [`${name.slice('sysctl.'.length)}=${value}`]
            : [],
        )
        .join('\n')
    : ''
