import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { mapLines } from '../../src/kernel/processes/scan/map-lines.ts'
import { asOctets } from '../../src/model/etc/octets.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from './fake-native.ts'
import { lines } from './on-fake.ts'
import { procScan } from './proc-scan.ts'
import { M } from './sizes.ts'

const size = 2n * M
export const segmentsPath = '/proc/sysvipc/shm'
/** A look that may attach, and at segments without pages too. */
export const look = { attach: true, untouched: true }

const head = 'key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap'

/** A line of /proc/sysvipc/shm. */
export const shm = (id: number, bytes: bigint, rss: bigint, key = 0): string =>
  `  ${key}  ${id}   600 ${bytes}  20  20  2  26  0  0  0  0  0  1764190000  ${rss}  0`

const text = (...segments: readonly string[]): string => lines(head, ...segments)

/** A kernel without memfd_create(2). */
export const memfd = (): never => {
  throw systemError('EINVAL', 'memfd_create')
}

/** A part of the memory of this process that a file has; it stands for a segment here. */
const seen = mapLines(asOctets(readFileSync('/proc/self/maps', 'latin1')))[0]
const address = BigInt(`0x${seen?.from}`)
/** Its device. */
export const device = seen?.device ?? ''

interface Machine {
  readonly segments: readonly string[]
  /** What an attempt to attach does; by default it shows some memory of this process. */
  readonly attach?: (show: (address: bigint) => void) => void
}

/** A scan of a machine that has these segments; segments of `size` lie on the device above. */
export const segmentMachine = (
  t: Test,
  { segments, attach = (show) => show(address) }: Machine,
) => {
  const calls: unknown[] = []
  const native = nativeWith({
    memfd,
    atSegment: (space, id, show) => {
      calls.push([space, id])
      attach(show)
    },
    ipcFile: (space, path) => {
      calls.push([space, path])
      return text(...segments)
    },
  })
  const { scan, kernel, process, proc } = procScan(t, native)
  kernel.extra.set(segmentsPath, text(...segments))
  process('self', { links: { 'ns/ipc': 'ipc:[1]' } })
  scan.devices.learn(device, size)
  return { scan, calls, process, proc }
}

/** What is found of a segment of one page of four. */
export const segment = {
  key: `${device}:3@ipc:[1]`,
  size,
  id: 3,
  ipcKey: 0,
  uid: 26,
  attached: 2,
  pages: 1n,
  length: 4n,
}
