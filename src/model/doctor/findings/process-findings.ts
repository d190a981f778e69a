import { inUse, type Pool } from '../../pools/machine.ts'
import { fellBack } from '../../processes/fallen-back.ts'
import type { KubeletFacts } from '../../processes/kubelet-facts.ts'
import { approximateBytes, type Bytes, formatBytes } from '../../words/bytes.ts'
import { formatSize } from '../../words/page-size.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

/** Memory counts as large from so many bytes on. */
const large: Bytes = 1024n ** 3n

const isIdle = (pool: Pool): boolean =>
  pool.total > 0n && inUse(pool) === 0n && (pool.reserved ?? 0n) <= 0n

/** Transparent huge pages are made of other memory than that of the pools. */
export const thpMistaken = ({
  machine,
  transparent = 0n,
}: KnownMachine): readonly UnnamedFinding[] =>
  transparent < large || machine.pools.some(({ total }) => total > 0n)
    ? []
    : [
        {
          level: 'note',
          what: `the ${approximateBytes(transparent)} of AnonHugePages in /proc/meminfo are transparent huge pages: no pool has a page, and a program that asks for HugeTLB gets none`,
          hints: ["'hugepool resize SIZE=COUNT' makes pages for such programs"],
        },
      ]

const memoryInUse = (pools: readonly Pool[]): Bytes =>
  pools.reduce((sum, pool) => sum + pool.size * inUse(pool), 0n)

/**
 * Finds pages that are kept for programs which do without them, so that their memory is there twice.
 * An idle pool beside pools that are used more may wait for programs of its own, which is a note.
 */
export const poolIdle = ({ machine, programs }: KnownMachine): readonly UnnamedFinding[] => {
  const idle = machine.pools.filter((pool) => isIdle(pool) && pool.size * pool.total >= large)
  const { largest } = programs
  if (idle.length === 0 || largest === undefined || largest.resident < large) return []
  const used = memoryInUse(machine.pools)
  return idle.map((pool) => ({
    level: used < pool.size * pool.total ? 'warning' : 'note',
    what: `nobody uses ${pool.total === 1n ? 'the only page' : `any of ${pool.total} pages`} of ${formatSize(pool.size)} (${formatBytes(pool.size * pool.total)}), while process ${largest.pid} (${largest.command}) has ${approximateBytes(largest.resident)} in base pages`,
    hints: [
      `have it ask for huge pages, or give them back: 'hugepool resize ${formatSize(pool.size)}=0'`,
    ],
  }))
}

export const fellBackToSmall = ({ programs }: KnownMachine): readonly UnnamedFinding[] =>
  programs.programs.flatMap((program): readonly UnnamedFinding[] => {
    const found = fellBack(program)
    if (found === undefined) return []
    const { pid, command } = program
    return [
      {
        level: 'warning',
        what: `process ${pid} (${command}) asks for huge pages (${found.asked}), and has ${approximateBytes(found.bytes)} in base pages: it went on without them and said nothing`,
        hints: [
          `'hugepool doctor default=${formatBytes(found.bytes)}' tells what was in its way; then start it again`,
        ],
      },
    ]
  })

const differing = (pools: readonly Pool[], { counted }: KubeletFacts): readonly Pool[] =>
  counted === undefined
    ? []
    : pools.filter(({ size, total }) => (counted.get(size) ?? 0n) !== size * total)

const differsFinding = (kubelet: KubeletFacts, pool: Pool): UnnamedFinding => ({
  level: 'warning',
  what: `the kubelet counts ${formatBytes(kubelet.counted?.get(pool.size) ?? 0n)} in pages of ${formatSize(pool.size)}, and the pool has ${formatBytes(pool.size * pool.total)}: it looked when it started`,
  hints: [`drain the node, remove ${kubelet.file}, then 'systemctl restart kubelet'`],
})

/** Tells what a kubelet would offer to pods if it read the pools now. */
const offers = (pools: readonly Pool[], { kept }: KubeletFacts): string =>
  pools
    .filter(({ total }) => total > 0n)
    .map((pool) => {
      const rest = pool.size * pool.total - (kept?.get(pool.size) ?? 0n)
      return `${formatBytes(rest > 0n ? rest : 0n)} in pages of ${formatSize(pool.size)}`
    })
    .join(', ')

/** Finds a kubelet that keeps more from pods than there is, so that no pod gets a page. */
export const kubeletKeeps = ({ machine, kubelet }: KnownMachine): readonly UnnamedFinding[] =>
  machine.pools.flatMap((pool): readonly UnnamedFinding[] => {
    const kept = kubelet?.kept?.get(pool.size) ?? 0n
    if (kubelet === undefined || kept <= pool.size * pool.total) return []
    return [
      {
        level: 'warning',
        what: `the kubelet keeps ${formatBytes(kept)} in pages of ${formatSize(pool.size)} from pods, and the pool has ${formatBytes(pool.size * pool.total)}: no pod gets one`,
        hints: [
          `make systemReserved, kubeReserved and reservedMemory in ${kubelet.config} less than the pool, then 'systemctl restart kubelet'`,
        ],
      },
    ]
  })

/** A kubelet reads the pools once, at its start, and offers to pods what was there then. */
export const kubeletStale = ({ machine, kubelet }: KnownMachine): readonly UnnamedFinding[] => {
  if (kubelet === undefined) return []
  const findings = differing(machine.pools, kubelet).map((pool) => differsFinding(kubelet, pool))
  if (kubelet.counted !== undefined || machine.pools.every(({ total }) => total === 0n))
    return findings
  return [
    {
      level: 'note',
      what: `a kubelet runs (process ${kubelet.pid}), which reads the pools at its start only: what it offers to pods can differ from what there is (${offers(machine.pools, kubelet)})`,
      hints: [
        "'kubectl describe node' shows what it offers; after a change of pools: 'systemctl restart kubelet'",
      ],
    },
  ]
}
