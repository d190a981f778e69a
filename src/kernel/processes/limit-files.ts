import type { PageSize } from '../../model/words/page-size.ts'

/** The kernel writes sizes as KB, MB and GB here (mem_fmt in mm/hugetlb_cgroup.c). */
const groupSizeName = (size: PageSize): string => {
  if (size >= 2n ** 30n) return `${size / 2n ** 30n}GB`
  return size >= 2n ** 20n ? `${size / 2n ** 20n}MB` : `${size / 1024n}KB`
}

/** The files of a limit in the directory of a group: what it allows, and what there is. */
export type LimitFiles = readonly [max: string, current: string]

/** The files of the limits on pages of a size, by the version of the hierarchy. */
export const limitFiles = (size: PageSize) => {
  const name = `hugetlb.${groupSizeName(size)}`
  return {
    second: {
      pages: [`${name}.max`, `${name}.current`],
      reserved: [`${name}.rsvd.max`, `${name}.rsvd.current`],
    },
    first: {
      pages: [`${name}.limit_in_bytes`, `${name}.usage_in_bytes`],
      reserved: [`${name}.rsvd.limit_in_bytes`, `${name}.rsvd.usage_in_bytes`],
    },
  } as const
}
