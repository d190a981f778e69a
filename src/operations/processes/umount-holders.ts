import { HugepoolError } from '../../errors.ts'
import { explain, isShortage } from '../../kernel/errno.ts'
import { mountsOf } from '../../kernel/mounts/mount-device.ts'
import { readPid } from '../../kernel/processes/proc-self.ts'
import { newScan } from '../../kernel/processes/scan/new-scan.ts'
import { foundSoFar } from '../../kernel/processes/scan/scan-state.ts'
import { scanUsersOf } from '../../kernel/processes/scan/scan-users.ts'
import { procOf } from '../../kernel/tree.ts'
import { type Holders, noHolders } from '../../model/mounts/umount-holder.ts'
import { holdersOnDevice } from '../../model/processes/who/holders-on-device.ts'
import type { FindHolders } from '../mounts/mount-to-remove.ts'
import { type AccountPorts, nativeIfThere } from './account-for-pages.ts'

/**
 * Says that the kernel lacks memory or descriptors to look for holders: the busy mount is to be
 * told nevertheless. Throws every other error.
 */
const unlooked = (error: unknown): Holders => {
  const told = isShortage(error) && explain(error, 'looking for them')
  if (told instanceof HugepoolError) return { ...noHolders, unlooked: told.message }
  throw error
}

/**
 * Makes a finder of the processes that hold a hugetlbfs, and of the mount by which each does,
 * because umount(2) finds only that mount busy. It looks where `who` looks, and asks no file that
 * could keep it waiting. Files in transit through a socket, and files that the kernel itself holds,
 * cannot be seen from outside.
 */
export const holderFinder =
  (ports: AccountPorts): FindHolders =>
  (device, size) => {
    const { tree } = ports
    const ways = { withSelf: true, isCautious: true, withMounts: true }
    try {
      const scan = newScan(tree, nativeIfThere(ports), ways)
      const targets = [...new Set(mountsOf(procOf(tree), device).map(({ target }) => target))]
      scanUsersOf(scan, { device: device.hex, size, targets })
      return holdersOnDevice(foundSoFar(scan), device.hex, readPid(tree))
    } catch (error) {
      return unlooked(error)
    }
  }
