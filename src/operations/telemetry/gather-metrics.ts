import { HugepoolError } from '../../errors.ts'
import { findConfigFiles } from '../../kernel/config/config-files.ts'
import { readMountTable } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { unknownLineWords } from '../../kernel/mounts/mountinfo.ts'
import type { ConfigItem } from '../../model/config/config-item.ts'
import { isUnderstood, type ShownMount, unclearWords } from '../../model/mounts/hugetlbfs-mount.ts'
import type { ShownPool } from '../../model/pools/shown-pool.ts'
import type {
  CgroupPages,
  Collector,
  CollectorRun,
  HolderFacts,
  MetricsFacts,
} from '../../model/telemetry/metrics-facts.ts'
import type { PageSize } from '../../model/words/page-size.ts'
import { present } from '../../model/words/present.ts'
import { lookAtItems } from '../config/look-at-items.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { listPools } from '../pools/list-pools.ts'
import type { Ports } from '../ports.ts'

/** What a look is to have beside pools, mounts and configuration, because it takes longer. */
export interface MetricsRequest {
  readonly cgroups: boolean
  readonly holders: boolean
}

/** What a look found, and what of it could not be read. */
export interface MetricsLook {
  readonly facts: MetricsFacts
  readonly words: readonly string[]
}

/** What a part of the look found, and what of it could not be read. */
interface LookPart<Found> {
  readonly found: Found
  readonly words: readonly string[]
}

const lookAtPools = async (ports: Ports): Promise<LookPart<readonly ShownPool[]>> => {
  const { pools, words, failure } = await listPools(ports, [], true)
  if (failure !== undefined) throw failure
  return { found: pools, words }
}

const lookAtMounts = ({ tree }: Ports): LookPart<readonly ShownMount[]> => {
  const { mounts, unknown } = readMountTable(tree)
  return {
    found: mounts,
    words: [
      ...mounts.filter((mount) => !isUnderstood(mount)).map(unclearWords),
      ...unknown.map(unknownLineWords),
    ],
  }
}

const lookAtCgroups = async (
  { tree }: Ports,
  sizes: readonly PageSize[],
): Promise<LookPart<readonly CgroupPages[]>> => {
  const { readCgroupPages } = await import('../../kernel/telemetry/cgroup-pages.ts')
  return { found: readCgroupPages(tree, sizes), words: [] }
}

const lookAtHolders = async (ports: Ports): Promise<LookPart<HolderFacts>> => {
  const { findPageHolders } = await import('../processes/find-page-holders.ts')
  const request = { sizes: [], everything: false, attach: true }
  const { holds, books, unseen, errors } = findPageHolders(ports, request)
  return {
    found: { holds, books, unseen: unseen.pids.length },
    words: errors.map(({ message }) => message),
  }
}

/**
 * Compares the machine with its configuration. Programs of the boot loader, which tell of the next start
 * where its files do not, are not run every few seconds.
 */
const lookAtConfig = async ({
  run: _,
  ...ports
}: Ports): Promise<LookPart<readonly ConfigItem[] | undefined>> => {
  const { found, skipped } = findConfigFiles(ports.tree)
  if (found.length === 0 && skipped.length === 0) return { found: undefined, words: [] }
  const configuration = readConfiguration(ports, { from: 'machine' })
  return { found: await lookAtItems(ports, configuration), words: [] }
}

/** Makes a look go on where one part cannot be read: the error becomes the words of that part. */
const tried =
  <Found>(look: () => LookPart<Found> | Promise<LookPart<Found>>) =>
  async (): Promise<LookPart<Found | undefined>> => {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof HugepoolError)) throw error
      return { found: undefined, words: [error.message] }
    }
  }

/** Takes the parts of a look one by one, and notes how each went. */
const taker = ({ clock }: Ports) => {
  const runs: CollectorRun[] = []
  const said: string[] = []
  const take = async <Found>(
    collector: Collector,
    look: () => Promise<LookPart<Found>>,
  ): Promise<Found> => {
    const began = clock()
    const { found, words } = await look()
    runs.push({ collector, success: words.length === 0, seconds: (clock() - began) / 1000 })
    said.push(...words)
    return found
  }
  return { take, runs, said }
}

/**
 * Looks at all that there are metrics of, and reads only. A part that cannot be read is told by a metric
 * of its own. Throws where there are no pools at all, as `listPools` does.
 */
export const gatherMetrics = async (
  ports: Ports,
  { cgroups, holders }: MetricsRequest,
  version: string,
): Promise<MetricsLook> => {
  const { take, runs, said } = taker(ports)
  const pools = await take('pools', () => lookAtPools(ports))
  const sizes = pools.map(({ size }) => size)
  const mounts = await take(
    'mounts',
    tried(() => lookAtMounts(ports)),
  )
  const more = {
    cgroups: cgroups
      ? await take(
          'cgroups',
          tried(() => lookAtCgroups(ports, sizes)),
        )
      : undefined,
    holders: holders
      ? await take(
          'holders',
          tried(() => lookAtHolders(ports)),
        )
      : undefined,
    items: await take(
      'config',
      tried(() => lookAtConfig(ports)),
    ),
  }
  return { facts: { version, pools, mounts: mounts ?? [], ...present(more), runs }, words: said }
}
