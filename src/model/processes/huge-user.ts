import type { Bytes } from '../words/bytes.ts'

/** A process that has huge pages in its page table, of any size. */
export interface HugeUser {
  readonly pid: number
  readonly command: string
  readonly bytes: Bytes
}
