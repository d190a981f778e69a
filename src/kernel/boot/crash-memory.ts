import type { Bytes } from '../../model/words/bytes.ts'
import { readNumberIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/**
 * Reads the bytes that are kept for a crash kernel (kernel/ksysfs.c); undefined where the kernel
 * can keep none.
 */
export const readCrashMemory = (tree: Tree): Bytes | undefined =>
  readNumberIfPresent(tree, '/sys/kernel/kexec_crash_size')
