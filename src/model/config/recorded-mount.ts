import type { HugepoolError } from '../../errors.ts'
import { jsonIn } from '../etc/json-value.ts'
import type { MountLine } from '../mounts/hugetlbfs-mount.ts'
import { mountOn } from '../mounts/mount-hidden.ts'

/**
 * A mount that `apply` made. The id of the mount and its device tell it from what somebody else has
 * mounted on the path since.
 */
export interface RecordedMount {
  readonly target: string
  readonly id: number
  readonly device: string
}

/** A mount that an earlier `apply` made and the configuration no longer names. */
export interface UnnamedMount {
  readonly target: string
  /** Whether it has been unmounted. */
  readonly isPruned: boolean
  /** Why it could not be unmounted. */
  readonly error?: HugepoolError
}

const isRecorded = (value: unknown): value is RecordedMount => {
  const { target, id, device } = (value ?? {}) as Partial<Record<keyof RecordedMount, unknown>>
  return typeof target === 'string' && typeof id === 'number' && typeof device === 'string'
}

/** Reads the record; undefined for a text that is none. */
export const parseRecord = (text: string): readonly RecordedMount[] | undefined => {
  const value = jsonIn(text)
  return Array.isArray(value) && value.every(isRecorded)
    ? value.map(({ target, id, device }) => ({ target, id, device }))
    : undefined
}

/** Writes the record, one mount a line. */
export const recordText = (mounts: readonly RecordedMount[]): string =>
  `[${mounts.map((mount) => `\n${JSON.stringify(mount)}`).join(',')}\n]\n`

/** Tells whether the mount is there as it was made, and nothing lies over it. */
export const isStillMounted =
  (lines: readonly MountLine[]) =>
  ({ target, id, device }: RecordedMount): boolean => {
    const line = mountOn(target, lines)
    return line?.type === 'hugetlbfs' && line.id === id && line.device === device
  }

/** Makes the record of the mount that is on a path now; undefined where there is none. */
export const recordOf = (
  target: string,
  lines: readonly MountLine[],
): RecordedMount | undefined => {
  const line = mountOn(target, lines)
  return line && { target, id: line.id, device: line.device }
}
