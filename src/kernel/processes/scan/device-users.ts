import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { processIds } from '../../process-list.ts'
import { ifShown } from './quick-read.ts'

/** A device that processes open by its node, and not through files that are stored on it. */
export interface OpenDevice {
  /** The number of the device: st_rdev of stat(2). */
  readonly number: bigint
  readonly isBlock: boolean
}

/** The device that a path names; undefined for anything else. It is not opened. */
export const deviceAtPath = (path: string): OpenDevice | undefined => {
  const stat = ifShown(() => statSync(path, { bigint: true }))
  if (stat === undefined || !(stat.isCharacterDevice() || stat.isBlockDevice())) return undefined
  return { number: stat.rdev, isBlock: stat.isBlockDevice() }
}

/**
 * Only links to what lies below /dev, or has the path that was named, are followed: a link to a server
 * could block.
 */
const isOpenAt = (link: string, path: string, { number, isBlock }: OpenDevice): boolean => {
  const target = ifShown(() => readlinkSync(link))
  if (target === undefined || !(target.startsWith('/dev/') || target === path)) return false
  const found = deviceAtPath(link)
  return found?.number === number && found.isBlock === isBlock
}

/** The processes that are seen to have a device open. */
export const usersOfDevice = (
  proc: string,
  path: string,
  device: OpenDevice,
): ReadonlySet<number> =>
  new Set(
    processIds(proc)
      .filter((pid) =>
        (ifShown(() => readdirSync(`${proc}/${pid}/fd`)) ?? []).some((name) =>
          isOpenAt(`${proc}/${pid}/fd/${name}`, path, device),
        ),
      )
      .map(Number),
  )
