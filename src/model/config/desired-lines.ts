import { mountLines } from '../mounts/mount-lines.ts'
import { demoteSizeText } from '../pools/demote-size-plan.ts'
import { echoLine, type PoolPlan } from '../pools/pool-plan.ts'
import type { DesiredPlan } from './desired-plan.ts'
import type { JudgedMount } from './mount-items.ts'

const poolLines = ({ steps }: PoolPlan): readonly string[] =>
  steps.map(({ path, value }) => echoLine(path, value))

const linesOfMount = ({ judged }: JudgedMount): readonly string[] =>
  judged === undefined || judged.objections.length > 0 ? [] : mountLines(judged.plan)

/**
 * Writes the shell lines that do what a plan does, in its order. They are those that `resize`,
 * `mount` and `overcommit` print.
 */
export const desiredLines = ({
  pages,
  demoteSizes,
  mounts,
  group,
  overcommit,
}: DesiredPlan): readonly string[] => [
  ...poolLines(pages),
  ...demoteSizes.map((step) => echoLine(step.path, demoteSizeText(step))),
  ...mounts.flatMap(linesOfMount),
  ...(group === undefined ? [] : [echoLine(group.path, group.requested)]),
  ...poolLines(overcommit),
]

/** Returns the files of the kernel that a plan writes, without those of pages. */
export const settingPaths = ({
  demoteSizes,
  group,
  overcommit,
}: DesiredPlan): readonly string[] => [
  ...demoteSizes.map(({ path }) => path),
  ...(group === undefined ? [] : [group.path]),
  ...overcommit.steps.map(({ path }) => path),
]
