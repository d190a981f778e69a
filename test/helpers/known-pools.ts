import type { Configuration, ConfiguredPool } from '../../src/model/config/configuration.ts'
import type { KnownMachine, KnownStart } from '../../src/model/doctor/findings/known-machine.ts'
import type { Pool } from '../../src/model/pools/machine.ts'
import { M } from './sizes.ts'

/** A pool of 100 pages of 2M that nobody uses, and with which nothing is wrong. */
export const poolOf = (of: Partial<Pool> = {}): Pool => ({
  size: 2n * M,
  total: 100n,
  free: 100n,
  surplus: 0n,
  nodes: [],
  settled: true,
  ...of,
})

/** A machine of which nothing is known but these pools, and what a test says of it. */
export const knownPools = (
  pools: readonly Pool[],
  of: Partial<KnownMachine> = {},
): KnownMachine => ({
  machine: { pools, nodes: [], largestBlock: 4n * M },
  basePage: 4096n,
  isUsualMountMasked: false,
  fullCgroups: [],
  hierarchies: {},
  cgroupTroubles: [],
  programs: { programs: [] },
  ...of,
})

/** A start of which all was read, with what a test says of it. */
export const startOf = (of: Partial<KnownStart> = {}): KnownStart => ({
  items: [],
  written: [],
  writers: [],
  isPartial: false,
  ...of,
})

/** A configuration of these pools and of nothing else. */
export const configurationOf = (pools: readonly ConfiguredPool[]): Configuration => ({
  pools,
  mounts: [],
  boot: {},
  tune: {},
  files: [],
  skipped: [],
  positions: new Map(),
})

/** What a configuration says of a pool, without any count. */
export const configuredPool = (of: Partial<ConfiguredPool> = {}): ConfiguredPool => ({
  size: 2n * M,
  essential: true,
  optional: false,
  boot: false,
  ...of,
})
