import { HugepoolError } from '../../errors.ts'
import { optionTexts } from '../mounts/desired-mount.ts'
import { askedOptions, matchMount } from '../mounts/mount-match.ts'
import { type JudgedPlan, judgeMount, type MountFacts } from '../mounts/mount-plan.ts'
import { desiredMount, type MountRequest } from '../mounts/mount-request.ts'
import type { Pool } from '../pools/machine.ts'
import { formatSize } from '../words/page-size.ts'
import { present } from '../words/present.ts'
import { pathText } from './config-fault.ts'
import { type ConfigItem, type ItemValue, refusalKeys } from './config-item.ts'
import type { ConfiguredMount } from './configuration.ts'
import { limitText } from './print-words.ts'

/** What is known of the path and owner of a mount, or the error that keeps it from being known. */
export type KnownMount =
  | { readonly request: MountRequest; readonly facts: Omit<MountFacts, 'pools'> }
  | { readonly error: HugepoolError }

/** A mount of a configuration, and the plan for it; absent where none could be made. */
export interface JudgedMount {
  readonly item: ConfigItem
  readonly judged?: JudgedPlan
}

/** Writes the options as they stand in the file, for a mount that cannot be looked at further. */
const typedOptions = (request: MountRequest): ItemValue => {
  const { pageSize, size, minSize, user, group, mode } = request
  const texts = [
    ['pagesize', pageSize === 'default' ? pageSize : formatSize(pageSize)],
    ['size', size && limitText(size)],
    ['min_size', minSize && limitText(minSize)],
    ['uid', user],
    ['gid', group],
    ['mode', mode],
  ] as const
  return {
    options: texts.flatMap(([option, text]) => (text === undefined ? [] : [{ option, text }])),
  }
}

/** Returns the options that are asked for, as a new mount would have them. */
const wantedOptions = (request: MountRequest, facts: MountFacts): ItemValue => {
  const desired = desiredMount(request, facts.owner, facts.pools)
  const asked = askedOptions(request)
  const withFlags = request.flagWords === '' ? asked : [...asked, 'flags']
  return { options: optionTexts(desired).filter(({ option }) => withFlags.includes(option)) }
}

/** Returns what is wanted of a mount, and what is on its path. */
const comparedValues = (
  request: MountRequest,
  facts: MountFacts,
): { readonly wanted: ItemValue; readonly found?: ItemValue } => {
  const { mount } = facts.state
  const found = mount?.hugetlbfs
  if (found === undefined || found.bound !== undefined)
    return present({ wanted: wantedOptions(request, facts), found: mount?.type })
  const { asked } = matchMount(request, facts.owner, facts.pools, found)
  return {
    wanted: { options: asked.map(({ option, wanted }) => ({ option, text: wanted })) },
    found: { options: asked.map(({ option, found: text }) => ({ option, text })) },
  }
}

/** Says in the words of a file what `mount` says in those of the command line. */
const inFile = (text: string): string =>
  text.replace(/^--(mkdir|over)\b/, "'$1 = true'").replace(/--(min-size|size)\b/g, '$1')

/** Returns what an item says of the errors with which `mount` would end. */
const refusedKeys = (first: HugepoolError, ...more: readonly HugepoolError[]) => {
  const { why, hints, ...keys } = refusalKeys(first, ...more)
  return present({ ...keys, why: why && inFile(why), hints: hints?.map(inFile) })
}

const judgedKeys = ({ plan, objections }: JudgedPlan, found: ItemValue | undefined) => {
  const [first, ...more] = objections
  if (first !== undefined) return refusedKeys(first, ...more)
  if (plan.kind === 'unchanged') return { state: 'ok' as const }
  const planned = true
  return found === undefined
    ? { state: 'missing' as const, why: 'is not mounted', planned }
    : {
        state: 'drift' as const,
        why: `${typeof found === 'string' ? found : 'another'} is mounted there`,
        planned,
      }
}

/**
 * Plans a mount of a configuration as `mount` does. One that cannot be planned becomes an item with
 * the reason.
 */
export const mountItem = (
  { request, mkdir, over }: ConfiguredMount,
  known: KnownMount,
  pools: readonly Pool[],
): JudgedMount => {
  const { target } = request
  const named = {
    attribute: 'mount',
    target,
    key: pathText(['mounts', target]),
    essential: true,
  } as const
  try {
    if ('error' in known) throw known.error
    const facts = { ...known.facts, pools }
    const judged = judgeMount(known.request, { mkdir, over, remount: false }, facts)
    const values = comparedValues(known.request, facts)
    return { item: { ...named, ...values, ...judgedKeys(judged, values.found) }, judged }
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    return { item: { ...named, wanted: typedOptions(request), ...refusedKeys(error) } }
  }
}

/**
 * Returns the pools as they are after a planned mount, whose minimum size reserves pages of one of
 * them.
 */
export const poolsAfterMount = (
  pools: readonly Pool[],
  { judged }: JudgedMount,
): readonly Pool[] => {
  if (judged?.plan.kind !== 'mount' || judged.objections.length > 0) return pools
  const { pageSize, minSize = 0n } = judged.plan.desired
  return pools.map((pool) =>
    pool.size === pageSize && pool.reserved !== undefined
      ? { ...pool, reserved: pool.reserved + minSize / pageSize }
      : pool,
  )
}
