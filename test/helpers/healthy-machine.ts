import type { KnownMachine } from '../../src/model/doctor/findings/known-machine.ts'
import type { ShownMount } from '../../src/model/mounts/hugetlbfs-mount.ts'
import type { Machine, Pool } from '../../src/model/pools/machine.ts'
import { nothingFound } from './found-pages.ts'
import { G, M } from './sizes.ts'

const on = (node: number, total: bigint, free: bigint) => ({ node, total, free, surplus: 0n })

const small: Pool = {
  size: 2n * M,
  isDefault: true,
  total: 100n,
  free: 60n,
  surplus: 0n,
  reserved: 10n,
  overcommit: 0n,
  nodes: [on(0, 50n, 30n), on(1, 50n, 30n)],
  settled: true,
}

const gigantic: Pool = {
  size: G,
  isDefault: false,
  total: 0n,
  free: 0n,
  surplus: 0n,
  reserved: 0n,
  overcommit: 0n,
  nodes: [on(0, 0n, 0n), on(1, 0n, 0n)],
  settled: true,
}

const memory = { total: 16n * G, available: 8n * G }

export const shownMount = (target: string, pageSize: bigint, hidden = false): ShownMount => ({
  target,
  device: '0:39',
  source: 'none',
  pageSize,
  options: 'rw',
  hidden,
})

/** A machine with 2 nodes and 100 pages of 2M that a sysctl makes, and with which all is well. */
export const healthyMachine: KnownMachine = {
  machine: {
    pools: [small, gigantic],
    nodes: [0, 1].map((id) => ({ id, hasMemory: true, memory })),
    memory,
    largestBlock: 4n * M,
  },
  basePage: 4096n,
  mounts: [shownMount('/dev/hugepages', 2n * M)],
  isUsualMountMasked: false,
  holding: { books: [], found: nothingFound, left: [] },
  start: {
    items: [],
    written: [
      {
        source: 'sysctl',
        what: { attribute: 'persistent', size: 2n * M },
        value: '100',
        file: '/etc/sysctl.d/90-huge.conf',
        line: 1,
      },
    ],
    writers: [],
    isPartial: false,
  },
  fullCgroups: [],
  hierarchies: {},
  cgroupTroubles: [],
  programs: { programs: [] },
}

/** Changes the pool of a size. */
export const withPool =
  (size: bigint, change: Partial<Pool>) =>
  (known: KnownMachine): KnownMachine => {
    const machine: Machine = {
      ...known.machine,
      pools: known.machine.pools.map((pool) =>
        pool.size === size ? { ...pool, ...change } : pool,
      ),
    }
    return { ...known, machine }
  }

/** Adds a pool of its own, with a mount, and a sysctl that makes its pages. */
export const withOwnPool =
  (size: bigint, change: Partial<Pool> = {}) =>
  (known: KnownMachine): KnownMachine => {
    const pool: Pool = { ...small, isDefault: false, size, ...change }
    const { start = { items: [], written: [], writers: [], isPartial: false } } = known
    return {
      ...known,
      machine: { ...known.machine, pools: [...known.machine.pools, pool] },
      mounts: [...(known.mounts ?? []), shownMount(`/mnt/${size}`, size)],
      start: {
        ...start,
        written: [
          ...start.written,
          {
            source: 'tmpfiles',
            what: { attribute: 'persistent', size },
            value: `${pool.total - pool.surplus}`,
            file: `/etc/tmpfiles.d/${size}.conf`,
            line: 1,
          },
        ],
      },
    }
  }

export const onNode = on
