import type { Bytes } from '../../model/words/bytes.ts'
import { readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** The bytes that are kept for a crash kernel (kernel/ksysfs.c); undefined where there can be none. */
export const readCrashMemory = (tree: Tree): Bytes | undefined =>
  readNumberIfPresent(tree, '/sys/kernel/kexec_crash_size')
