import type { Machine } from '../pools/machine.ts'
import type { ConfigItem, ItemValue } from './config-item.ts'
import type { ConfiguredBoot } from './configuration.ts'

/** The file that shows whether the kernel frees the page structs of huge pages (mm/hugetlb_vmemmap.c). */
export const freeVmemmapPath = '/proc/sys/vm/hugetlb_optimize_vmemmap'

/** What the kernel of this start was told, as far as it is to be seen. */
export interface KernelLineFacts {
  readonly machine: Pick<Machine, 'pools'>
  /** The words of /proc/cmdline; undefined where it cannot be read. */
  readonly commandLine: string | undefined
  /** What is in `freeVmemmapPath`: `0` or `1`. */
  readonly freeVmemmap: string | undefined
}

type BootAttribute = 'default-page-size' | 'free-vmemmap' | 'cma'

const bootItem = (
  attribute: BootAttribute,
  wanted: ItemValue,
  found: ItemValue | undefined,
  isSame: boolean,
): ConfigItem => {
  const named = { attribute, key: `boot.${attribute}`, wanted, essential: true } as const
  if (found === undefined) return { ...named, state: 'unknown', why: 'the kernel does not show it' }
  if (isSame) return { ...named, found, state: 'ok' }
  return { ...named, found, state: 'next-boot', why: 'the kernel command line decides' }
}

const defaultSizeItems = (
  wanted: bigint | undefined,
  { machine }: KernelLineFacts,
): readonly ConfigItem[] => {
  if (wanted === undefined) return []
  const size = machine.pools.find(({ isDefault }) => isDefault)?.size
  const found = size === undefined ? undefined : { bytes: size }
  return [bootItem('default-page-size', { bytes: wanted }, found, size === wanted)]
}

const switchWord = (on: boolean): string => (on ? 'on' : 'off')

const freeVmemmapItems = (
  wanted: boolean | undefined,
  { freeVmemmap }: KernelLineFacts,
): readonly ConfigItem[] => {
  if (wanted === undefined) return []
  const now = freeVmemmap?.trim()
  // A kernel that lacks the file frees nothing.
  const found = switchWord(now !== undefined && now !== '0')
  return [bootItem('free-vmemmap', switchWord(wanted), found, found === switchWord(wanted))]
}

/** A hyphen in the name of a parameter is an underscore (parameqn of kernel/params.c). */
const cmaPattern = /(?:^|\s)hugetlb[-_]cma=(\S*)/g

const cmaItems = (
  wanted: string | undefined,
  { commandLine }: KernelLineFacts,
): readonly ConfigItem[] => {
  if (wanted === undefined) return []
  const words = [...(commandLine ?? '').matchAll(cmaPattern)].map(([, value = '']) => value)
  const found = commandLine === undefined ? undefined : (words.at(-1) ?? 'none')
  return [bootItem('cma', wanted, found, found === wanted)]
}

/** Compares what the kernel command line has to bring with what this start of the machine has. */
export const bootItems = (
  { defaultPageSize, freeVmemmap, cma }: ConfiguredBoot,
  facts: KernelLineFacts,
): readonly ConfigItem[] => [
  ...defaultSizeItems(defaultPageSize, facts),
  ...freeVmemmapItems(freeVmemmap, facts),
  ...cmaItems(cma, facts),
]
