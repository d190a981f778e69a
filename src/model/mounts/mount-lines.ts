import { shellWord } from '../etc/shell-word.ts'
import { flagOpposites, mountFlags, mountLine } from './desired-mount.ts'
import type { MountPlan } from './mount-plan.ts'

const remountLine = ({ desired, flags }: Extract<MountPlan, { kind: 'remount' }>): string => {
  const words = mountFlags.map((flag) => (flags.includes(flag) ? flag : flagOpposites[flag]))
  return `mount -o remount,${words.join(',')} ${shellWord(desired.target)}`
}

/** Returns the shell lines that do what a plan does. */
export const mountLines = (plan: MountPlan): readonly string[] => {
  if (plan.kind === 'unchanged') return []
  if (plan.kind === 'remount') return [remountLine(plan)]
  return [
    ...plan.directories.map((directory) => `mkdir ${shellWord(directory)}`),
    mountLine(plan.desired),
  ]
}
