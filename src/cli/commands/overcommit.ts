import type { OvercommitRequest } from '../../model/pools/overcommit-plan.ts'
import type { ChangeDryRun, ChangeOptions } from '../../operations/pools/change-pools.ts'
import type { ChangeResult } from '../../operations/pools/change-result.ts'
import { changeColumns } from '../../output/pools/change-rows.ts'
import { define } from '../command.ts'
import {
  changeAllOrNothingOption,
  dryRunOption,
  noWaitOption,
  roundOption,
} from '../options/option.ts'
import { assignmentOperands, typedAssignments, typedChangeOptions } from '../typed-values.ts'
import { changeView } from '../views/change-view.ts'

interface TypedOvercommit {
  readonly overcommit: OvercommitRequest
  readonly options: ChangeOptions
}

export const overcommitCommand = define<'overcommit', TypedOvercommit, ChangeResult | ChangeDryRun>(
  {
    name: 'overcommit',
    aliases: [],
    summary: 'set how many surplus pages pools may have',
    details: [
      'ASSIGNMENT is SIZE=COUNT; the kernel has one number for a pool and none for a node.',
      'Surplus pages are allocated when a mapping needs more than the pool has and are given',
      'back when unused. Gigantic pages have overcommit from Linux 6.19 on.',
    ],
    operands: assignmentOperands,
    options: [roundOption, changeAllOrNothingOption, noWaitOption, dryRunOption],
    columns: changeColumns,
    examples: [
      { line: 'hugepool overcommit 2M=128', meaning: 'up to 128 surplus pages' },
      { line: 'hugepool overcommit 2M=1G', meaning: 'up to 1 GiB of surplus pages' },
      { line: 'hugepool overcommit default=0', meaning: 'none' },
    ],
    resolve: (words) => ({
      overcommit: { assignments: typedAssignments(words) },
      options: typedChangeOptions(words),
    }),
    run: async ({ overcommit: request, options }, ports) =>
      (await import('../../operations/pools/set-overcommit.ts')).setOvercommit(
        ports,
        request,
        options,
      ),
    view: changeView,
  },
)
