import { existsSync } from 'node:fs'
import { gigantic, kernelFrom, poolPath } from './machine.ts'

/** What differs between kernels, and the version it came with. */
const since = {
  /** demote and demote_size; 5.15 has none, 5.19 has. */
  demote: '5.16',
  /** Before, overcommit of gigantic pages was EINVAL. */
  giganticOvercommit: '6.19',
} as const

export const kernelHas = (feature: keyof typeof since): boolean => kernelFrom(since[feature])

/** Whether pages of the gigantic size can be split on this machine. */
export const canDemote =
  gigantic !== undefined && kernelHas('demote') && existsSync(poolPath(gigantic, 'demote'))
