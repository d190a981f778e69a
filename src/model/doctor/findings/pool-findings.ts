import { quotedCommand } from '../../etc/shell-word.ts'
import { poolDirectory } from '../../pools/attributes.ts'
import { idleSurplus } from '../../pools/idle-surplus.ts'
import {
  availableNow,
  inUse,
  memoryNodes,
  overcommitRoom,
  type Pool,
  persistent,
} from '../../pools/machine.ts'
import { defaultMargin } from '../../pools/margin.ts'
import { approximateBytes, formatBytes } from '../../words/bytes.ts'
import type { Pages } from '../../words/count.ts'
import { namedNodes } from '../../words/node-list.ts'
import { formatSize } from '../../words/page-size.ts'
import { isAre, plural } from '../../words/plural.ts'
import { allPages, isNearlyUsed, isOvercommitSpent, levelOfFull, promised } from './full-pool.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

const pagesOf = (pages: Pages, { size }: Pick<Pool, 'size'>): string =>
  `${plural(pages, 'page')} of ${formatSize(size)}`

const whoHint = ({ size }: Pick<Pool, 'size'>): string =>
  `'hugepool who ${formatSize(size)}' shows who holds them`

/** Pages that lie idle in a larger pool can be split. */
const splitHints = (pool: Pool, { machine }: KnownMachine): readonly string[] =>
  machine.pools
    .filter((other) => other.demoteSize === pool.size && availableNow(other) > 0n)
    .map(
      (other) =>
        `'hugepool demote ${formatSize(other.size)}=1' makes ${other.size / pool.size} of a page of ${formatSize(other.size)} that nobody has`,
    )

/** The kernel makes surplus pages persistent where more of these are wanted (mm/hugetlb.c). */
const keepHints = (pool: Pool): readonly string[] =>
  isOvercommitSpent(pool)
    ? [
        `'hugepool resize ${formatSize(pool.size)}=${pool.total}' keeps the surplus pages, so that overcommit may add others`,
      ]
    : []

/**
 * Names what comes beyond the pages of a pool: those of overcommit, and those that were only promised.
 */
const restWords = (pool: Pool): string => {
  const room = overcommitRoom(pool)
  const missing = promised(pool)
  return [
    ...(isOvercommitSpent(pool) ? [', and overcommit allows no more'] : []),
    ...(room > 0n ? [`, and overcommit may add ${room}`] : []),
    ...(missing > 0n ? [`, and ${missing} more ${isAre(missing)} reserved`] : []),
  ].join('')
}

export const poolNearlyUsed = (known: KnownMachine): readonly UnnamedFinding[] =>
  known.machine.pools.filter(isNearlyUsed).map((pool) => {
    const used = inUse(pool)
    const those =
      used === pool.total
        ? allPages(used, pool)
        : `${used} of ${pagesOf(pool.total, pool)} ${isAre(used)}`
    return {
      level: levelOfFull(pool, known),
      what: `${those} in use${pool.surplus > 0n ? ` (${pool.surplus} surplus)` : ''}${restWords(pool)}`,
      hints: [whoHint(pool), ...keepHints(pool), ...splitHints(pool, known)],
    }
  })

export const poolAllReserved = (known: KnownMachine): readonly UnnamedFinding[] =>
  known.machine.pools
    .filter((pool) => pool.free > 0n && availableNow(pool) === 0n)
    .map((pool) => ({
      level: levelOfFull(pool, known),
      what: `${allPages(pool.free, pool, 'free')} reserved${restWords(pool)}: nobody else gets ${pool.free === 1n ? 'it' : 'one'}`,
      hints: [whoHint(pool)],
    }))

/** Whether a configuration says how many pages of a size each node is to have. */
const isUnevenByIntent = ({ start }: KnownMachine, { size }: Pool): boolean => {
  const counts = start?.configuration?.pools.find((one) => one.size === size)?.pages?.counts
  return (
    (counts !== undefined && !('kind' in counts)) ||
    (start?.written.some(({ what }) => what?.size === size && what.node !== undefined) ?? false)
  )
}

export const nodeEmpty = (known: KnownMachine): readonly UnnamedFinding[] => {
  const ids = memoryNodes(known.machine).map(({ id }) => id)
  return known.machine.pools.flatMap((pool): readonly UnnamedFinding[] => {
    const on = pool.nodes.filter(({ node }) => ids.includes(node))
    const empty = on.filter(({ free }) => free === 0n)
    const others = on.filter(({ free }) => free > 0n)
    if (empty.length === 0 || others.length === 0 || isUnevenByIntent(known, pool)) return []
    const free = others.reduce((sum, each) => sum + each.free, 0n)
    const nodes = namedNodes(empty.map(({ node }) => node))
    const verb = empty.length === 1 ? 'has' : 'have'
    return [
      {
        level: isNearlyUsed(pool) ? 'note' : 'warning',
        what: `${nodes} ${verb} no free page of ${formatSize(pool.size)}, and ${plural(free, 'page')} ${isAre(free)} free on ${namedNodes(others.map(({ node }) => node))}: who is bound to ${nodes} gets none`,
        hints: [
          `'hugepool resize ${formatSize(pool.size)}=${empty[0]?.node}:+1' adds a page there`,
        ],
      },
    ]
  })
}

export const surplusStays = ({ machine }: KnownMachine): readonly UnnamedFinding[] =>
  machine.pools.flatMap((pool): readonly UnnamedFinding[] => {
    const pages = idleSurplus(pool)
    if (pages === 0n) return []
    return [
      {
        level: 'warning',
        what: `${plural(pages, 'surplus page')} of ${formatSize(pool.size)} ${isAre(pages)} free and not reserved, and will not go: the kernel gives surplus back only when a page in use is freed`,
        hints: [
          `'hugepool resize ${formatSize(pool.size)}=${persistent(pool)}' gives ${pages === 1n ? 'it' : 'them'} back`,
        ],
      },
    ]
  })

export const poolUnreadable = ({ machine }: KnownMachine): readonly UnnamedFinding[] =>
  (machine.unreadable ?? []).map(({ size, error }) => ({
    level: 'problem',
    what: error.message,
    hints: [
      ...(error.hint?.split('\n') ?? []),
      `${quotedCommand(`grep . ${poolDirectory(size)}/*`)} shows what the kernel says of this pool`,
    ],
  }))

/** The pool with the most memory that nobody has. */
const mostAvailable = (pools: readonly Pool[]): Pool | undefined =>
  pools.toSorted((a, b) => Number(availableNow(b) * b.size - availableNow(a) * a.size))[0]

export const memoryShort = ({ machine }: KnownMachine): readonly UnnamedFinding[] => {
  const { memory, pools } = machine
  const pooled = pools.reduce((sum, { size, total }) => sum + size * total, 0n)
  if (memory === undefined || pooled === 0n) return []
  const margin = defaultMargin(memory.total)
  if (memory.available >= margin) return []
  const idle = mostAvailable(pools)
  const pages = idle === undefined ? 0n : availableNow(idle)
  return [
    {
      level: 'problem',
      what: `${approximateBytes(memory.available)} of memory are left for everything else, less than ${approximateBytes(margin)}, while the pools have ${formatBytes(pooled)}`,
      hints:
        idle === undefined || pages === 0n
          ? ["'hugepool who' shows who holds the pages"]
          : [
              `'hugepool resize ${formatSize(idle.size)}=-${pages}' gives back what nobody has of ${formatSize(idle.size)}`,
            ],
    },
  ]
}

export const growthFailed = ({ failedGrowths = 0n }: KnownMachine): readonly UnnamedFinding[] =>
  failedGrowths === 0n
    ? []
    : [
        {
          level: 'note',
          what: `the kernel could not make ${plural(failedGrowths, 'huge page')} since it started (htlb_buddy_alloc_fail): memory was short, or in pieces`,
          hints: ["'hugepool resize SIZE=COUNT --compact' has it compact memory first"],
        },
      ]
