import { fstatSync } from 'node:fs'
import type { PageSize } from '../../../model/words/page-size.ts'
import { errnoOf, isShortage } from '../../errno.ts'
import { deviceInMaps } from '../../mounts/mount-device.ts'
import type { Native } from '../../native/native.ts'
import { release } from '../../release-descriptor.ts'

/**
 * Devices in the form of /proc/PID/maps, and what was found out about each: the size of its pages, or
 * undefined where it is no device of huge pages.
 */
export interface HugeDevices {
  /** Undefined for a device that is something else, or unknown: `has` tells which. */
  readonly sizeOf: (device: string) => PageSize | undefined
  readonly isKnown: (device: string) => boolean
  readonly learn: (device: string, size: PageSize | undefined) => void
  /** Notes that a device is one of the kernel's own, on which files have no names. */
  readonly learnInternal: (device: string, size: PageSize) => void
  /** Whether a device can be one of the kernel's own; any can while none of these is known. */
  readonly mayBeInternal: (device: string) => boolean
  /** Whether a text of maps has a known device of huge pages. */
  readonly areIn: (maps: string) => boolean
}

/** Writes a device that stat(2) gave in the form of /proc/PID/maps (include/linux/kdev_t.h). */
export const hexDevice = (device: bigint): string => {
  const major = (device >> 8n) & 0xfffn
  const minor = (device & 0xffn) | ((device >> 12n) & 0xfff00n)
  return deviceInMaps(major, minor)
}

export const hugeDevices = (): HugeDevices => {
  const sizes = new Map<string, PageSize | undefined>()
  const internal = new Set<string>()
  let words: string[] = []
  const learn = (device: string, size: PageSize | undefined): void => {
    sizes.set(device, size)
    words = [...sizes].flatMap(([name, is]) => (is === undefined ? [] : [` ${name} `]))
  }
  return {
    sizeOf: (device) => sizes.get(device),
    isKnown: (device) => sizes.has(device),
    learn,
    learnInternal: (device, size) => {
      internal.add(device)
      learn(device, size)
    },
    mayBeInternal: (device) => internal.size === 0 || internal.has(device),
    areIn: (maps) => words.some((word) => maps.includes(word)),
  }
}

/**
 * Anonymous pages, memfds and segments are files of a file system that is mounted nowhere, one for
 * each page size. An empty memfd of this process tells its device. Without the addon, or where
 * memfd_create(2) is refused, the mappings of others tell it.
 */
export const learnInternalDevices = (
  devices: HugeDevices,
  native: Pick<Native, 'memfd'>,
  sizes: readonly PageSize[],
): void => {
  for (const size of sizes) {
    try {
      const descriptor = native.memfd('hugepool', Number(size))
      try {
        devices.learnInternal(hexDevice(fstatSync(descriptor, { bigint: true }).dev), size)
      } finally {
        release(descriptor)
      }
    } catch (error) {
      if (errnoOf(error) === undefined || isShortage(error)) throw error
    }
  }
}
