import { foundIfAny, objectionOf, refused } from '../../errors.ts'
import { findInit } from '../../kernel/config/init-system.ts'
import { pathText, positionText } from '../../model/config/config-fault.ts'
import type { ConfigPosition, Configuration } from '../../model/config/configuration.ts'
import { lastingMount } from '../../model/config/lasting-mount.ts'
import { ownDropIn } from '../../model/config/own-drop-in.ts'
import { serviceHints, serviceSentence } from '../../model/config/persisted-words.ts'
import { isServing } from '../../model/config/service/service-state.ts'
import type { PersistKind, PersistPlan } from '../../model/mounts/persist/persist-facts.ts'
import type { StartEntry } from '../../model/mounts/persist/start-entry.ts'
import { namedPages } from '../../model/words/count.ts'
import { present } from '../../model/words/present.ts'
import type { KeptMounts } from '../mounts/kept-mounts.ts'
import type { Ports } from '../ports.ts'
import { dropInStep } from './drop-in-step.ts'
import { lookAtService } from './look-at-service.ts'
import { readConfiguration } from './read-configuration.ts'

/** Finds all positions in which files that count name a mount. */
const mountPositions = (
  { positions }: Configuration,
  target: string,
): readonly ConfigPosition[] => {
  const table = pathText(['mounts', target])
  return [...positions].flatMap(([key, position]) =>
    key === table || key.startsWith(`${table}.`) ? [position] : [],
  )
}

/**
 * Reads the configuration. Undefined where it cannot be read: a mount by fstab does not depend on
 * it.
 */
const readIfUnderstood = (ports: Ports): Configuration | undefined =>
  foundIfAny(() => readConfiguration(ports, { from: 'machine' }))

const refuse = (ports: Ports, target: string, kind: PersistKind): void => {
  const configuration =
    kind === 'config' ? readConfiguration(ports, { from: 'machine' }) : readIfUnderstood(ports)
  const positions = configuration === undefined ? [] : mountPositions(configuration, target)
  const other = positions.find(({ file }) => file !== ownDropIn)
  if (other !== undefined)
    throw refused(
      'not-ours',
      `${positionText(other)}: mounts ${target} already`,
      'change it there, or leave the mount to it',
    )
  if (kind !== 'config' && positions.length > 0)
    throw refused(
      'otherwise',
      `${ownDropIn} mounts ${target} already`,
      "take '--persist config', or remove it with 'hugepool umount --persist'",
    )
}

const planOf = (step: ReturnType<typeof dropInStep>): PersistPlan => ({
  kind: 'config',
  path: ownDropIn,
  steps: step === undefined ? [] : [step],
})

/**
 * Plans the removal of a mount from hugepool's drop-in. One that is not understood, or that somebody
 * else wrote, holds no mounts of hugepool's. One that the kernel does not show may hold some: then it throws.
 */
const removal = ({ tree }: Ports, target: string): readonly PersistPlan[] => {
  let step: ReturnType<typeof dropInStep>
  const [objection] = objectionOf(() => {
    step = dropInStep(tree, { withoutMounts: [target] })
  })
  if (objection?.code === 'E_KERNEL' || objection?.code === 'E_PERMISSION') throw objection
  return step?.before === undefined ? [] : [planOf(step)]
}

const lookAtOwnService = async (ports: Ports) => {
  const init = findInit(ports.tree)
  return init && (await lookAtService(ports, init))
}

const serviceNotes = async (ports: Ports) => {
  const facts = present({ service: await lookAtOwnService(ports) })
  return { words: serviceSentence(facts), hints: serviceHints(facts) }
}

/**
 * Counts the pages that the configuration names for a pool, as a whole or as the sum of its nodes.
 */
const providedBy = (configuration: Configuration | undefined, size: bigint): bigint => {
  const { counts } = configuration?.pools.find((pool) => pool.size === size)?.pages ?? {}
  if (counts === undefined) return 0n
  const all = 'kind' in counts ? [counts] : counts.map(({ count }) => count)
  return all.reduce(
    (sum, count) =>
      count.kind === 'pages' || count.kind === 'memory' ? sum + namedPages(count, size) : sum,
    0n,
  )
}

/** Makes what the configuration of a machine has to do with the mounts of later starts. */
export const configuredMounts = (ports: Ports): KeptMounts => ({
  refuse: (target, kind) => refuse(ports, target, kind),
  plan: (desired) => planOf(dropInStep(ports.tree, { mounts: [lastingMount(desired)] })),
  removal: (target) => removal(ports, target),
  provided: (size) => providedBy(readIfUnderstood(ports), size),
  notes: () => serviceNotes(ports),
})

/**
 * Looks for what mounts a directory at the next start by the configuration. Empty where nothing
 * applies the configuration at a start.
 */
export const configuredAtStart = async (
  ports: Ports,
  target: string,
): Promise<readonly StartEntry[]> => {
  const configuration = readIfUnderstood(ports)
  const position = configuration && mountPositions(configuration, target).at(-1)
  const found = position && (await lookAtOwnService(ports))
  if (position === undefined || found === undefined || !isServing(found)) return []
  const { file: path, line } = position
  return [present({ kind: 'config', path, line, own: path === ownDropIn })]
}
