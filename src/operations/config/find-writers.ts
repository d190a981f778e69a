import { foundIfAny } from '../../errors.ts'
import { readLineTarget } from '../../kernel/boot/read-line-target.ts'
import { findInit } from '../../kernel/config/init-system.ts'
import { lateWriters, startWriters } from '../../kernel/config/writers/file-writers.ts'
import { initrdWriters } from '../../kernel/config/writers/initrd-writers.ts'
import { sysctlWriters } from '../../kernel/config/writers/sysctl-writers.ts'
import { tunedWriters } from '../../kernel/config/writers/tuned-writers.ts'
import { unitWriters } from '../../kernel/config/writers/unit-writers.ts'
import { writerReader } from '../../kernel/config/writers/writer-texts.ts'
import { lineWriters, tunedLineWriters } from '../../kernel/config/writers/writers-by-line.ts'
import { groupId } from '../../kernel/etc/passwd-and-group.ts'
import { readMeminfo } from '../../kernel/pools/meminfo.ts'
import { readNodeIds } from '../../kernel/pools/nodes.ts'
import { readPageSizes } from '../../kernel/pools/pools.ts'
import type { Tree } from '../../kernel/tree.ts'
import type { Configuration } from '../../model/config/configuration.ts'
import { judgeWriters } from '../../model/config/writers/judge-writers.ts'
import type { FoundWriter, WritableFacts, Writer } from '../../model/config/writers/writer.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'
import { lookAtService } from './look-at-service.ts'

/** What else sets the things that a configuration manages, and the files that could not be read. */
export interface FoundWriters {
  /** All that set anything of a pool, or what was looked for besides, in the order of a start. */
  readonly all: readonly FoundWriter[]
  /** Those of them that set what the configuration sets, in the same order. */
  readonly writers: readonly Writer[]
  readonly unread: readonly string[]
}

/** What is looked for besides the things that a configuration can manage. */
type More = Pick<WritableFacts, 'paths' | 'overridden'>

const writableFacts = (tree: Tree, more: More): WritableFacts =>
  present({
    ...more,
    sizes: readPageSizes(tree),
    nodes: readNodeIds(tree),
    defaultSize: readMeminfo(tree).get('Hugepagesize'),
  })

/** Finds the number of a configured group; undefined for a name that no group has. */
const wantedGroup = (tree: Tree, { tune }: Pick<Configuration, 'tune'>): number | undefined => {
  const { shmGroup } = tune
  return shmGroup === undefined ? undefined : foundIfAny(() => groupId(tree, shmGroup))
}

const allWriters = (
  tree: Tree,
  reader: ReturnType<typeof writerReader>,
  more: More,
): readonly FoundWriter[] => {
  const facts = writableFacts(tree, more)
  const target = readLineTarget(tree)
  return [
    ...lineWriters(tree, reader, facts, target),
    ...tunedLineWriters(tree, reader, facts, target),
    ...initrdWriters(tree, reader, facts),
    ...sysctlWriters(tree, reader, facts),
    ...startWriters(tree, reader, facts),
    ...unitWriters(tree, reader, facts),
    ...tunedWriters(tree, reader, facts),
    ...lateWriters(reader, facts),
  ]
}

const isApplied = async (ports: Ports): Promise<boolean> => {
  const init = findInit(ports.tree)
  if (init === undefined) return false
  const { installed, missing } = await lookAtService(ports, init)
  return installed === 'enabled' && missing.length === 0
}

/**
 * Whether a configuration can manage what was found. It cannot manage a file that is looked for by
 * its path.
 */
const canBeManaged = ({ path, overridden }: FoundWriter): boolean =>
  path === undefined && overridden === undefined

/**
 * Looks through the files of a machine for what sets, at a start, the same as a configuration does.
 * `applied` says whether the service applies the configuration; where it is absent, the service is
 * looked at. Reads only. Throws E_UNSUPPORTED without HugeTLB.
 */
export const findWriters = async (
  ports: Ports,
  configuration: Pick<Configuration, 'pools' | 'tune'>,
  { applied, ...more }: { readonly applied?: boolean } & More = {},
): Promise<FoundWriters> => {
  const { tree } = ports
  const reader = writerReader(tree)
  const found = allWriters(tree, reader, more)
  const facts = present({
    applied: applied ?? (await isApplied(ports)),
    shmGroup: wantedGroup(tree, configuration),
  })
  return {
    all: found,
    writers: judgeWriters(found.filter(canBeManaged), configuration, facts),
    unread: reader.unread(),
  }
}
