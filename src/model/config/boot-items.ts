import type { BootMachine } from '../boot/boot-machine.ts'
import type { KernelSeries } from '../boot/kernel-series.ts'
import { predictBoot } from '../boot/predict-boot.ts'
import { present } from '../words/present.ts'
import { bootAdvice } from './boot-advice.ts'
import { bootPoolWishes } from './boot-pool-wishes.ts'
import { bootWishes } from './boot-wishes.ts'
import type { ConfigItem } from './config-item.ts'
import type { LineWishes } from './configured-line.ts'
import type { JudgedLine, LineWish } from './line-wish.ts'

/** The file that shows whether the kernel frees the page structs of huge pages (mm/hugetlb_vmemmap.c). */
export const freeVmemmapPath = '/proc/sys/vm/hugetlb_optimize_vmemmap'

/** A kernel command line, and the kernel and machine that read it. */
export interface KernelLineFacts {
  /** The words of this start, or of the next one; undefined where they cannot be read. */
  readonly line: string | undefined
  readonly series: KernelSeries | undefined
  readonly bootMachine: BootMachine
  /** What is in `freeVmemmapPath`: `0` or `1`. A kernel that lacks the file frees nothing. */
  readonly freeVmemmap: string | undefined
}

const isOn = (text: string | undefined): boolean => text !== undefined && text.trim() !== '0'

/** Whether a configuration says anything of the kernel command line. */
export const wantsLine = ({ pools, boot }: LineWishes): boolean =>
  pools.some((pool) => pool.boot) || Object.keys(boot).length > 0

const judge = ({ line, series, bootMachine: machine }: KernelLineFacts): JudgedLine | undefined =>
  line === undefined || series === undefined
    ? undefined
    : { series, machine, told: predictBoot(line, series, machine) }

const wishItem =
  (judged: JudgedLine | undefined, { leave }: LineWishes) =>
  ({ named, request, look }: LineWish): ConfigItem => {
    if (judged === undefined)
      return { ...named, state: 'unknown', why: 'the kernel does not show it' }
    const { found, isSame } = look(judged)
    return isSame
      ? { ...named, found, state: 'ok' }
      : { ...named, found, ...bootAdvice(judged, present({ ...request, leave }), named.essential) }
  }

/**
 * Compares what a kernel makes of a command line with what a configuration wants of it: the pages of
 * pools with `boot = true`, and the table `[boot]`.
 */
export const bootItems = (wishes: LineWishes, facts: KernelLineFacts): readonly ConfigItem[] =>
  [
    ...bootPoolWishes(wishes.pools, facts.bootMachine),
    ...bootWishes(wishes.boot, isOn(facts.freeVmemmap)),
  ].map(wishItem(judge(facts), wishes))
