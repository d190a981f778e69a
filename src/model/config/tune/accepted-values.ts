import { formatBytes } from '../../words/bytes.ts'
import type { ShownSetting } from './found-setting.ts'
import type { CountedKind } from './setting-kind.ts'

/** A setting, and what bounds it on its machine. */
export type BoundedSetting = Pick<ShownSetting, 'setting' | 'choices' | 'most'>

/** What a setting can be set to. */
export interface AcceptedValues {
  /** The values in words: `0 to 511 base pages`. */
  readonly text: string
  /** The bounds of an amount or a number, in the unit of its value. */
  readonly bounds?: Bounds
}

interface Bounds {
  readonly least: bigint
  readonly most: bigint
}

const boundsOf = (accepts: CountedKind, bound: bigint = accepts.most): Bounds => {
  const { least, most, unit = 1n } = accepts
  const lower = bound < most ? bound : most
  return { least, most: lower - (lower % unit) }
}

/** Writes a range of values. Its end is not named where it is so large that it is no limit. */
const rangeOf = (accepts: CountedKind, text: (value: bigint) => string, bounds: Bounds): string =>
  accepts.max === undefined
    ? `${text(bounds.least)} to ${text(bounds.most)}`
    : `${text(bounds.least)} or more, or max`

const countedForms = (accepts: CountedKind, bounds: Bounds): string => {
  const { kind, unit, counts } = accepts
  if (kind !== 'bytes') {
    const range = rangeOf(accepts, (value) => `${value}`, bounds)
    if (kind === 'pages') return `base pages or as much memory, ${range}`
    return counts === undefined ? range : `${range} ${counts}`
  }
  const whole = unit === undefined ? '' : `, in whole ${formatBytes(unit)}`
  return `memory, ${rangeOf(accepts, formatBytes, bounds)}${whole}`
}

/** Tells what a setting accepts on a machine, as far as that is known of it. */
export const acceptedValues = ({ setting, choices, most }: BoundedSetting): AcceptedValues => {
  const { accepts } = setting
  switch (accepts.kind) {
    case 'group':
      return { text: 'a group by name or number' }
    case 'switch':
      return { text: '0 or 1' }
    case 'choice':
      return { text: (choices ?? accepts.choices).join(', ') }
    default: {
      const bounds = boundsOf(accepts, most)
      return { text: countedForms(accepts, bounds), bounds }
    }
  }
}
