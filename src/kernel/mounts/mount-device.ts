import { type MountNamespace, mountsOnDevice } from '../../model/mounts/propagation.ts'
import type { OtherMount } from '../../model/mounts/umount-change.ts'
import { present } from '../../model/words/present.ts'
import { isShortage } from '../errno.ts'
import { namespaceOf } from '../namespace-link.ts'
import { processIds, readProcessName } from '../process-list.ts'
import { readOctets } from '../read-octets.ts'
import { parseMountinfoLines } from './mountinfo.ts'

/** The device of a file system in the forms in which the kernel shows it. */
export interface Device {
  /** The decimal digits that mountinfo shows: `0:39`. */
  readonly decimal: string
  /** The hexadecimal digits that /proc/PID/maps shows: `00:27`. */
  readonly hex: string
  /** The number that stat(2) returns. */
  readonly number: bigint
}

const hexDigits = (part: bigint): string => part.toString(16).padStart(2, '0')

/** Writes a device as /proc/PID/maps does (show_vma_header_prefix in fs/proc/task_mmu.c). */
export const deviceInMaps = (major: bigint, minor: bigint): string =>
  `${hexDigits(major)}:${hexDigits(minor)}`

/**
 * Converts a device from the form of mountinfo. stat(2) encodes the number by new_encode_dev
 * (include/linux/kdev_t.h).
 */
export const deviceOf = (decimal: string): Device => {
  const [major = 0n, minor = 0n] = decimal.split(':').map(BigInt)
  return {
    decimal,
    hex: deviceInMaps(major, minor),
    number: (minor & 0xffn) | (major << 8n) | ((minor & ~0xffn) << 12n),
  }
}

/**
 * Finds one process in each mount namespace that can be seen. That of this process comes first.
 */
const namespaces = (proc: string): readonly string[] => {
  const seen = new Map<string, string>()
  for (const process of ['self', ...processIds(proc)]) {
    const namespace = namespaceOf(`${proc}/${process}`, 'mnt')
    if (namespace !== undefined && !seen.has(namespace)) seen.set(namespace, process)
  }
  return [...seen.values()]
}

/** Reads the table of each mount namespace that can be seen. That of this process comes first. */
export const readNamespaces = (proc: string): readonly MountNamespace[] =>
  namespaces(proc).flatMap((process) => {
    try {
      const other =
        process === 'self'
          ? undefined
          : { pid: Number(process), command: readProcessName(proc, process) }
      const { lines } = parseMountinfoLines(readOctets(`${proc}/${process}/mountinfo`))
      return [present({ lines, process: other })]
    } catch (error) {
      if (isShortage(error)) throw error
      return []
    }
  })

/** Finds the mounts of a device, in every mount namespace that can be seen. */
export const mountsOf = (proc: string, device: Device): readonly OtherMount[] =>
  mountsOnDevice(readNamespaces(proc), device.decimal)
