import { ifShown } from './quick-read.ts'
import type { Scan } from './scan-state.ts'

/** What two tasks can have in common (include/uapi/linux/kcmp.h). */
const types = { memory: 1, descriptors: 2, directories: 3 } as const

/**
 * Whether two tasks have one memory, one table of descriptors, or one working directory and root.
 * Undefined where the kernel does not tell.
 */
export const haveSame = (
  { native }: Scan,
  what: keyof typeof types,
  one: string,
  other: string,
): boolean | undefined => {
  const order = ifShown(() => native?.kcmp(Number(one), Number(other), types[what]))
  return order === undefined ? undefined : order === 0
}
