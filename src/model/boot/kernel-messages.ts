import type { Pages } from '../words/count.ts'
import type { NodeId } from '../words/node-list.ts'
import type { PageSize } from '../words/page-size.ts'

const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const

/**
 * Writes a page size with three digits, as string_get_size of lib/string_helpers.c does: `2.00
 * MiB`.
 */
const sizeText = (size: PageSize): string => {
  const unit = Math.floor((size.toString(2).length - 1) / 10) - 1
  const number = Number(size >> BigInt((unit + 1) * 10))
  return `${number.toPrecision(Math.max(3, String(number).length))} ${units[unit]}`
}

/** What kernels say of the words of pages (mm/hugetlb.c, later mm/hugetlb_cmdline.c). */
export const kernelMessages = {
  badSize: (text: string) => `HugeTLB: unsupported hugepagesz=${text}`,
  sizeTwice: (text: string) => `HugeTLB: hugepagesz=${text} specified twice, ignoring`,
  defaultTwice: (text: string) =>
    `HugeTLB: default_hugepagesz previously specified, ignoring ${text}`,
  badDefault: (text: string) => `HugeTLB: unsupported default_hugepagesz=${text}`,
  noSize: (text: string) =>
    `HugeTLB: hugepages=${text} does not follow a valid hugepagesz, ignoring`,
  countTwice: (text: string) =>
    `HugeTLB: hugepages= specified twice without interleaving hugepagesz=, ignoring hugepages=${text}`,
  badCount: (rest: string) => `HugeTLB: Invalid hugepages parameter ${rest}`,
  ignored: (pages: Pages, size: PageSize) =>
    `HugeTLB: Ignoring hugepages=${pages} associated with ${sizeText(size)} page size`,
  using: (pages: Pages) => `HugeTLB: Using hugepages=${pages} for number of default huge pages`,
  short: (asked: Pages, size: PageSize, got: Pages) =>
    `HugeTLB: allocating ${asked} of page size ${sizeText(size)} failed.  Only allocated ${got} hugepages.`,
  shortOnNode: (asked: Pages, size: PageSize, node: NodeId, got: Pages) =>
    `HugeTLB: allocating ${asked} of page size ${sizeText(size)} failed node${node}.  Only allocated ${got} hugepages.`,
  skipped: 'HugeTLB: hugetlb_cma is enabled, skip boot time allocation',
  malformed: (name: string) => `Malformed early option '${name}'`,
  unknown: (words: readonly string[]) =>
    `Unknown kernel command line parameters "${words.join(' ')}", will be passed to user space.`,
  badBool: (value: string, name: string) =>
    `Booting kernel: \`${value}' invalid for parameter \`${name}'`,
} as const
