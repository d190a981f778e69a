import type { BootMachine } from '../boot/boot-machine.ts'
import type { KernelSeries } from '../boot/kernel-series.ts'
import { predictBoot } from '../boot/predict-boot.ts'
import { present } from '../words/present.ts'
import { bootAdvice } from './boot-advice.ts'
import type { ConfigItem } from './config-item.ts'
import type { LineConfiguration } from './configured-line.ts'
import { desiredBootParameters } from './desired-boot-parameters.ts'
import type { DesiredParameter, JudgedLine } from './desired-parameter.ts'
import { desiredPoolParameters } from './desired-pool-parameters.ts'
import { pathOfSetting } from './tune/tuned-settings.ts'

/**
 * The file that shows whether the kernel frees the page structs of huge pages
 * (mm/hugetlb_vmemmap.c).
 */
export const freeVmemmapPath = pathOfSetting('free-vmemmap')

/** A kernel command line, and the kernel and machine that read it. */
export interface KernelLineFacts {
  /** The line of this start; undefined where it cannot be read. */
  readonly line: string | undefined
  /** The line of the next start; absent where the boot loader does not show it. */
  readonly nextLine?: string
  readonly series: KernelSeries | undefined
  readonly bootMachine: BootMachine
  /** The text of `freeVmemmapPath`: `0` or `1`. A kernel that lacks the file frees nothing. */
  readonly freeVmemmap: string | undefined
}

const isOn = (text: string | undefined): boolean => text !== undefined && text.trim() !== '0'

/** Tells whether a configuration says anything of the kernel command line. */
export const wantsLine = ({ pools, boot }: LineConfiguration): boolean =>
  pools.some((pool) => pool.boot) || Object.keys(boot).length > 0

const judge = (
  { series, bootMachine: machine }: KernelLineFacts,
  line: string | undefined,
): JudgedLine | undefined =>
  line === undefined || series === undefined
    ? undefined
    : { series, machine, told: predictBoot(line, series, machine) }

const lostWords = 'the line of the next boot does not bring it'

const parameterItem =
  (now: JudgedLine | undefined, next: JudgedLine | undefined, { leave }: LineConfiguration) =>
  ({ named, request, compare }: DesiredParameter): ConfigItem => {
    if (now === undefined) return { ...named, state: 'unknown', why: 'the kernel does not show it' }
    const { found, isSame } = compare(now)
    const isNext = next === undefined ? isSame : compare(next).isSame
    if (isNext)
      return isSame
        ? { ...named, found, state: 'ok' }
        : { ...named, found, state: 'next-boot', why: 'the next boot brings it' }
    const advice = bootAdvice(now, present({ ...request, leave }), named.essential)
    return isSame
      ? { ...named, found, ...advice, why: `${lostWords}: ${advice.why}` }
      : { ...named, found, ...advice }
  }

/**
 * Compares what a kernel makes of a command line with what a configuration wants of it: the pages
 * of pools with `boot = true`, and the table `[boot]`.
 */
export const bootItems = (
  configured: LineConfiguration,
  facts: KernelLineFacts,
): readonly ConfigItem[] =>
  [
    ...desiredPoolParameters(configured.pools, facts.bootMachine),
    ...desiredBootParameters(configured.boot, isOn(facts.freeVmemmap)),
  ].map(parameterItem(judge(facts, facts.line), judge(facts, facts.nextLine), configured))
