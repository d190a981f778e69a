import { overcommitRoom, type Pool } from '../../pools/machine.ts'
import { isInPieces, readyIn, type Shortage } from '../../pools/shortage.ts'
import type { DatabaseDemand } from '../../processes/database-demand.ts'
import { approximateBytes, type Bytes, formatBytes } from '../../words/bytes.ts'
import { fewer } from '../../words/count.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

/** Fewer pages than these are not worth a note. */
const fewPages = 16n

const fragmentedFinding = (pool: Pool, blocks: readonly Shortage[]): readonly UnnamedFinding[] => {
  const ready = readyIn(blocks)
  const free = blocks.reduce((sum, one) => sum + one.free, 0n)
  const wanted = fewer(overcommitRoom(pool), free / pool.size)
  if (wanted < fewPages || !isInPieces(blocks, pool.size, wanted)) return []
  const size = formatSize(pool.size)
  return [
    {
      level: 'note',
      what: `memory is in pieces: ${approximateBytes(free)} are free, and hold ${plural(ready, 'block')} of ${size}, while overcommit may add ${plural(overcommitRoom(pool), 'page')}`,
      hints: ["'sysctl vm.compact_memory=1' has the kernel make blocks of it"],
    },
  ]
}

/** Finds free memory whose blocks are too small for the pages that overcommit would make of it. */
export const memoryFragmented = ({ machine, blocks }: KnownMachine): readonly UnnamedFinding[] =>
  machine.pools.flatMap((pool) => fragmentedFinding(pool, blocks?.get(pool.size) ?? []))

const pagesFor = (bytes: Bytes, { size }: Pool): bigint => (bytes + size - 1n) / size

const askedWords = ({ file, asked, bytes }: DatabaseDemand): string =>
  `${file} asks for ${formatBytes(bytes)} (${asked})`

/**
 * Finds databases that ask for more than their pool can ever have. One that only tries, and does not
 * insist, does without huge pages where there are none at all.
 */
export const poolTooSmall = ({
  machine,
  databases = [],
}: KnownMachine): readonly UnnamedFinding[] => {
  const pool = machine.pools.find(({ isDefault }) => isDefault)
  if (pool === undefined) return []
  const capacity = pool.total + overcommitRoom(pool)
  const asking = databases.filter(({ insists }) => insists || capacity > 0n)
  const wanted = asking.reduce((sum, { bytes }) => sum + pagesFor(bytes, pool), 0n)
  if (wanted <= capacity) return []
  return [
    {
      level: 'warning',
      what: `${asking.map(askedWords).join(', ')}, and the pool of ${formatSize(pool.size)} has ${formatBytes(capacity * pool.size)}`,
      hints: [
        `'hugepool resize ${formatSize(pool.size)}=${wanted} --persist' makes the least that is needed; 'postgres -C shared_memory_size_in_huge_pages' tells all of a PostgreSQL`,
      ],
    },
  ]
}
