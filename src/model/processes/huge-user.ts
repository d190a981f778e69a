import type { Bytes } from '../words/bytes.ts'

/** A process that has huge pages of any size in its page table. */
export interface HugeUser {
  readonly pid: number
  readonly command: string
  readonly bytes: Bytes
}
