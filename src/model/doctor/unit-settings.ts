import { namedCapabilities } from '../processes/capability.ts'
import type { ProcessLimits, ResourceLimit } from '../processes/process-limits.ts'
import { type TaskPolicy, taskPolicyIn } from '../processes/task-policy.ts'
import { present } from '../words/present.ts'

/** The properties that `systemctl show` is asked for. */
export const unitProperties = [
  'LoadState',
  'MainPID',
  'ControlGroup',
  'Slice',
  'User',
  'Group',
  'SupplementaryGroups',
  'DynamicUser',
  'AmbientCapabilities',
  'CapabilityBoundingSet',
  'LimitMEMLOCKSoft',
  'LimitFSIZESoft',
  'LimitASSoft',
  'LimitDATASoft',
  'NUMAPolicy',
  'NUMAMask',
] as const

/** What systemd says of a unit. */
export interface UnitSettings {
  /** The number of its main process; absent where none runs. */
  readonly pid?: number
  /** The path of its cgroup; absent where it is not started. */
  readonly group?: string
  readonly slice: string
  readonly user?: string
  readonly userGroup?: string
  readonly groups: readonly string[]
  /** The capabilities that its processes have although its user is not root, of those that count here. */
  readonly ambient: bigint
  /** The capabilities that its processes can have at all; absent where systemd does not tell. */
  readonly bounds?: bigint
  readonly limits: ProcessLimits
  /** The memory policy that it sets; absent where it has the one of systemd. */
  readonly policy?: TaskPolicy
}

const softLimitOf = (text: string | undefined): ResourceLimit | undefined => {
  if (text === 'infinity') return 'unlimited'
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined
}

/**
 * Reads NUMAPolicy=, whose words are those of the kernel, except that `prefer` is called `preferred`,
 * and that `n/a` stands for none.
 */
const policyOf = (word: string, mask: string): TaskPolicy | undefined => {
  const name = word === 'preferred' ? 'prefer' : word
  return taskPolicyIn(mask === '' ? name : `${name}:${mask.replaceAll(' ', ',')}`)
}

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** The first of the users that systemd makes up, who own nothing and are in no group (DynamicUser=). */
const madeUpUser = '61184'

type Values = ReadonlyMap<string, string>

/**
 * A user that systemd makes up has no line in /etc/passwd, and a group of its own unless another one is
 * set.
 */
const usersOf = (values: Values): Pick<UnitSettings, 'user' | 'userGroup'> => {
  const user = filled(values.get('User'))
  const userGroup = filled(values.get('Group'))
  if (values.get('DynamicUser') !== 'yes') return present({ user, userGroup })
  return present({ user: madeUpUser, userGroup: userGroup === user ? undefined : userGroup })
}

const valuesIn = (text: string): Values =>
  new Map(
    text.split('\n').map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)] as const
    }),
  )

/** Reads whether systemd knows the unit: `loaded`, `not-found`, `masked`, `bad-setting` and others. */
export const loadStateIn = (text: string): string =>
  filled(valuesIn(text).get('LoadState')) ?? 'not-found'

/**
 * Reads the answer of `systemctl show`. Undefined where the unit is not loaded, unless it runs: one that was
 * masked or removed meanwhile goes on.
 */
export const unitSettingsOf = (text: string): UnitSettings | undefined => {
  const values = valuesIn(text)
  const pid = Number(values.get('MainPID') ?? 0)
  if (loadStateIn(text) !== 'loaded' && pid === 0) return undefined
  const bounds = values.get('CapabilityBoundingSet')
  return present({
    pid: pid > 0 ? pid : undefined,
    group: filled(values.get('ControlGroup')),
    slice: filled(values.get('Slice')) ?? '-.slice',
    ...usersOf(values),
    ambient: namedCapabilities(values.get('AmbientCapabilities') ?? ''),
    bounds: bounds === undefined ? undefined : namedCapabilities(bounds),
    policy: policyOf(values.get('NUMAPolicy') ?? '', values.get('NUMAMask') ?? ''),
    groups: (values.get('SupplementaryGroups') ?? '').split(' ').filter((name) => name !== ''),
    limits: present({
      addressSpace: softLimitOf(values.get('LimitASSoft')),
      dataSize: softLimitOf(values.get('LimitDATASoft')),
      fileSize: softLimitOf(values.get('LimitFSIZESoft')),
      memlock: softLimitOf(values.get('LimitMEMLOCKSoft')),
    }),
  })
}

/** Makes the path of a slice: `a-b.slice` lies in `a.slice` (systemd.slice(5)). */
export const slicePath = (slice: string): string => {
  const parts = slice.replace(/\.slice$/, '').split('-')
  if (parts.every((part) => part === '')) return '/'
  return `/${parts.map((_, end) => `${parts.slice(0, end + 1).join('-')}.slice`).join('/')}`
}
