import type { Counters, Pool } from '../../model/pools/machine.ts'
import { fromKilobytes } from '../../model/words/bytes.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { listIfPresent, readIfPresent, readNumberIfPresent } from '../read-attribute.ts'
import type { Sample } from '../settle.ts'
import type { Tree } from '../tree.ts'

const lineNames = ['HugePages_Total', 'HugePages_Free', 'HugePages_Surp', 'HugePages_Rsvd'] as const

const counterLine = (meminfo: string, name: string): string | undefined =>
  new RegExp(`^${name}: +(\\d+)$`, 'm').exec(meminfo)?.[1]

const sizeIn = (meminfo: string): PageSize | undefined => {
  const kilobytes = /^Hugepagesize: +(\d+) kB$/m.exec(meminfo)?.[1]
  return kilobytes === undefined ? undefined : fromKilobytes(kilobytes)
}

/** The default pool, without what only sysfs shows. */
export type ProcPool = Pick<
  Pool,
  keyof Counters | 'size' | 'reserved' | 'overcommit' | 'onlyInProc'
>

/**
 * Reads the default pool from /proc/meminfo (hugetlb_report_meminfo in mm/hugetlb.c). Returns
 * undefined where sysfs shows the pools, and where the kernel has none, so that the lines are
 * missing.
 */
export const procPoolSample = (tree: Tree): Sample<ProcPool> | undefined => {
  if (listIfPresent(tree, '/sys/kernel/mm/hugepages').length > 0) return undefined
  const meminfo = readIfPresent(tree, '/proc/meminfo') ?? ''
  const size = sizeIn(meminfo)
  const texts = lineNames.flatMap((name) => counterLine(meminfo, name) ?? [])
  if (size === undefined || texts.length < lineNames.length) return undefined
  const overcommit = readNumberIfPresent(tree, '/proc/sys/vm/nr_overcommit_hugepages')
  const [total = 0n, free = 0n, surplus = 0n, reserved = 0n] = texts.map(BigInt)
  return {
    texts: [...texts, `${overcommit}`],
    parse: () =>
      present({
        size,
        total,
        free,
        surplus,
        reserved: BigInt.asIntN(64, reserved),
        overcommit,
        onlyInProc: true as const,
      }),
  }
}

/** Returns the default size where /proc alone shows a pool, and otherwise nothing. */
export const procPageSizes = (tree: Tree): readonly PageSize[] => {
  const size = procPoolSample(tree)?.parse().size
  return size === undefined ? [] : [size]
}
