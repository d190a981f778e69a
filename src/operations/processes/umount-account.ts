import { isLive } from '../../kernel/tree.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { plural } from '../../model/words/plural.ts'
import type { UmountResult } from '../mounts/umount-directory.ts'
import { type AccountPorts, accountForPages } from './account-for-pages.ts'

/** A removal, with words about pages in use afterwards that nobody is seen to have. */
export type AccountedUmount = UmountResult & { readonly unaccounted?: readonly string[] }

const them = (count: bigint): string => (count === 1n ? 'it' : 'them')

/**
 * Says after a removal which pages of the pool are still in use though nobody is seen to have them.
 * Pages of a file stay where the kernel keeps them, as it does for drivers and for registered
 * buffers, and nothing but the counters of the pool shows it.
 */
export const withUnaccounted = (ports: AccountPorts, result: UmountResult): AccountedUmount => {
  if (result.kind !== 'unmounted' || !isLive(ports.tree)) return result
  const { pageSize } = result.unmounted.mount
  // The removal is done, and without sysfs there is nothing to compare.
  if (!result.pools.some(({ size }) => size === pageSize)) return result
  const request = {
    sizes: [pageSize],
    everything: false,
    attach: false,
    ways: { isCautious: true },
  }
  const { books, hasMoved } = accountForPages(ports, request)
  const [account] = books
  if (account === undefined || account.unexplained === 0n || hasMoved) return result
  const { unexplained, reserved = 0n, reservedExplained } = account
  const size = formatSize(pageSize)
  const promised = reserved - reservedExplained
  const also = promised > 0n ? ` and ${plural(promised, 'reservation')}` : ''
  return {
    ...result,
    unaccounted: [
      `${size}: ${plural(unexplained, 'page')}${also} did not come back, or ${unexplained === 1n ? 'is' : 'are'} of others: nobody is seen to have ${them(unexplained)}; 'hugepool who ${size}' tells what may`,
    ],
  }
}
