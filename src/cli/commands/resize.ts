import type { ResizeRequest } from '../../model/pools/resize-plan.ts'
import { parsePolicy } from '../../model/words/policy.ts'
import { present } from '../../model/words/present.ts'
import type { ChangeDryRun, ChangeOptions } from '../../operations/pools/change-pools.ts'
import type { ChangeResult } from '../../operations/pools/change-result.ts'
import { changeColumns } from '../../output/pools/change-rows.ts'
import { define, type Words } from '../command.ts'
import {
  changeAllOrNothingOption,
  compactOption,
  dryRunOption,
  keepGoingOption,
  leaveOption,
  memoryPolicyOption,
  nodeOption,
  noProgressOption,
  noWaitOption,
  roundOption,
} from '../options/option.ts'
import {
  assignmentOperands,
  typedAssignments,
  typedChangeOptions,
  typedLeave,
  typedNodes,
  typedValue,
} from '../typed-values.ts'
import { changeView } from '../views/change-view.ts'

interface TypedResize {
  readonly resize: ResizeRequest
  readonly options: ChangeOptions
}

const resolve = (words: Words): TypedResize => {
  const nodes = typedNodes(words)
  const leave = typedLeave(words)
  const assignments = typedAssignments(words)
  const policy = typedValue(words, memoryPolicyOption, parsePolicy)
  const options = typedChangeOptions(words)
  const { keepGoing } = options
  return { resize: present({ assignments, nodes, policy, leave, keepGoing }), options }
}

export const resizeCommand = define<'resize', TypedResize, ChangeResult | ChangeDryRun>({
  name: 'resize',
  aliases: ['set'],
  summary: 'set the persistent pages of pools',
  details: [
    'ASSIGNMENT is SIZE=COUNT, or SIZE=NODE:COUNT[,NODE:COUNT...] for single nodes.',
    'COUNT is 512 (pages), +64, -64, 8G (memory), +2G, -2G, 25% (of all memory) or max.',
    'Without a node the kernel spreads the pages over all nodes. What the kernel really',
    'gave is read back: when it gave less than asked for, the exit status is 64.',
  ],
  operands: assignmentOperands,
  options: [
    nodeOption,
    roundOption,
    changeAllOrNothingOption,
    keepGoingOption,
    compactOption,
    leaveOption,
    memoryPolicyOption,
    noWaitOption,
    noProgressOption,
    dryRunOption,
  ],
  columns: changeColumns,
  examples: [
    { line: 'hugepool resize 2M=512', meaning: '512 pages, spread by the kernel' },
    { line: 'hugepool resize 2M=+2G 1G=0:2,1:2', meaning: '2 GiB more; 2 pages on each node' },
    { line: 'hugepool resize 2M=512 --node 0-1', meaning: '512 pages on each of two nodes' },
    { line: 'hugepool resize 1G=4 --compact --all-or-nothing', meaning: 'all four or none' },
    { line: 'hugepool resize 2M=512 1G=4 --keep-going', meaning: 'what can be had of both' },
    { line: 'hugepool resize 2M=max --leave 4G', meaning: 'as many as leave 4 GiB' },
    { line: 'hugepool resize 2M=0 --dry-run', meaning: 'show the write, do nothing' },
  ],
  resolve,
  run: async ({ resize: request, options }, ports) =>
    (await import('../../operations/processes/resize-and-find-holders.ts')).resizeAndFindHolders(
      ports,
      request,
      options,
    ),
  view: changeView,
})
