import type { OvercommitRequest } from '../../model/pools/overcommit-plan.ts'
import { present } from '../../model/words/present.ts'
import type { LastingResult, PersistWhen } from '../../operations/config/persist-pools.ts'
import type { ChangeOptions } from '../../operations/pools/plan-and-change.ts'
import type { Ports } from '../../operations/ports.ts'
import { changeColumns } from '../../output/pools/change-rows.ts'
import { define } from '../command.ts'
import {
  changeAllOrNothingOption,
  dryRunOption,
  noWaitOption,
  persistWhenOption,
  roundOption,
} from '../options/option.ts'
import {
  assignmentOperands,
  typedAssignments,
  typedChangeOptions,
  typedPersist,
} from '../typed-values.ts'
import { lastingView } from '../views/lasting-view.ts'

interface TypedOvercommit {
  readonly overcommit: OvercommitRequest
  readonly options: ChangeOptions
  readonly persist?: PersistWhen
}

const run = async (typed: TypedOvercommit, ports: Ports): Promise<LastingResult> => {
  const { overcommit, options, persist } = typed
  const { setOvercommit } = await import('../../operations/pools/set-overcommit.ts')
  if (persist === undefined) return { result: await setOvercommit(ports, overcommit, options) }
  const { persistPools } = await import('../../operations/config/persist-pools.ts')
  return persistPools(ports, persist, (change) => setOvercommit(ports, overcommit, options, change))
}

export const overcommitCommand = define<'overcommit', TypedOvercommit, LastingResult>({
  details: [
    'ASSIGNMENT is SIZE=COUNT; the kernel has one number for a pool and none for a node.',
    'Surplus pages are allocated when a mapping needs more than the pool has and are given',
    'back when unused. Gigantic pages have overcommit from Linux 6.19 on.',
  ],
  operands: assignmentOperands,
  options: [roundOption, changeAllOrNothingOption, noWaitOption, persistWhenOption, dryRunOption],
  columns: changeColumns,
  examples: [
    { line: 'hugepool overcommit 2M=128', meaning: 'up to 128 surplus pages' },
    { line: 'hugepool overcommit 2M=1G', meaning: 'up to 1 GiB of surplus pages' },
    { line: 'hugepool overcommit 2M=128 --persist', meaning: 'now and at every start' },
    { line: 'hugepool overcommit default=0', meaning: 'none' },
  ],
  resolve: (words) =>
    present({
      overcommit: { assignments: typedAssignments(words) },
      options: typedChangeOptions(words),
      persist: typedPersist(words),
    }),
  run,
  view: lastingView,
})
