import type { Bytes } from '../words/bytes.ts'

/** A soft limit in bytes. */
export type ResourceLimit = Bytes | 'unlimited'

/** The limits that count for huge pages, of getrlimit(2). What cannot be read is absent. */
export interface ProcessLimits {
  /** RLIMIT_AS: all mappings together. */
  readonly addressSpace?: ResourceLimit
  /** RLIMIT_DATA: private writable mappings together. */
  readonly dataSize?: ResourceLimit
  /** RLIMIT_FSIZE: the length that ftruncate(2) and fallocate(2) may give a file. */
  readonly fileSize?: ResourceLimit
  /** RLIMIT_MEMLOCK: locked memory. */
  readonly memlock?: ResourceLimit
}
