import type { HugeFile } from './huge-file.ts'

/** Why a file that was chosen was not removed. */
export const leftReasons = {
  changed: 'it is another file by now, or has gone',
  used: 'somebody has it by now',
  unknown: 'somebody may have it by now who could not be looked into',
  'directory-locked': 'a program that makes files there, such as DPDK, has locked the directory',
  'long-name': 'its name is too long to be set aside',
  'name-taken': 'another file has its name by now',
  'name-lost': 'it could not be given its name again',
  'no-permission': 'it may not be opened or renamed',
  'read-only': 'its file system is read-only by now',
  stopped: 'a signal came before',
} as const satisfies Readonly<Record<string, string>>
export type LeftReason = keyof typeof leftReasons

/** What became of a file that was chosen to be removed. */
export interface Removal {
  readonly file: HugeFile
  /** Absent where it was removed. */
  readonly left?: LeftReason
  /** Where it is now, if it could not get its name back. */
  readonly at?: string
}
