import { usage } from '../../errors.ts'
import type { ResizeRequest } from '../../model/pools/resize-plan.ts'
import { asksForMost } from '../../model/words/assignment.ts'
import { parsePolicy } from '../../model/words/policy.ts'
import { present } from '../../model/words/present.ts'
import type { LastingResult, PersistWhen } from '../../operations/config/persist-pools.ts'
import type { ChangeOptions } from '../../operations/pools/plan-and-change.ts'
import type { Ports } from '../../operations/ports.ts'
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
  persistWhenOption,
  roundOption,
} from '../options/option.ts'
import {
  assignmentOperands,
  typedAssignments,
  typedChangeOptions,
  typedLeave,
  typedNodes,
  typedPersist,
  typedValue,
} from '../typed-values.ts'
import { lastingView } from '../views/lasting-view.ts'

interface TypedResize {
  readonly resize: ResizeRequest
  readonly options: ChangeOptions
  readonly persist?: PersistWhen
}

const resolve = (words: Words): TypedResize => {
  const nodes = typedNodes(words)
  const leave = typedLeave(words)
  const assignments = typedAssignments(words)
  const policy = typedValue(words, memoryPolicyOption, parsePolicy)
  const options = typedChangeOptions(words)
  const { keepGoing } = options
  const persist = typedPersist(words)
  if (persist !== undefined && policy !== undefined)
    throw usage(
      `--${persistWhenOption.name} cannot keep a memory policy`,
      'name the nodes, as in 1G=0:2,1:2',
    )
  const resize = present({ assignments, nodes, policy, leave, keepGoing })
  return present({ resize, options, persist })
}

/**
 * Takes no margin of memory for a request that is only written, because its pages are taken at a
 * later start. Only `max` depends on the margin.
 */
const onlyKept = (request: ResizeRequest): ResizeRequest =>
  request.assignments.some(asksForMost) ? request : { ...request, leave: 0n }

const run = async (typed: TypedResize, ports: Ports): Promise<LastingResult> => {
  const { resize, options, persist } = typed
  const { resizeAndFindHolders } = await import(
    '../../operations/processes/resize-and-find-holders.ts'
  )
  if (persist === undefined) return { result: await resizeAndFindHolders(ports, resize, options) }
  const { persistPools } = await import('../../operations/config/persist-pools.ts')
  const request = persist === 'only' ? onlyKept(resize) : resize
  return persistPools(ports, persist, (change) =>
    resizeAndFindHolders(ports, request, options, change),
  )
}

export const resizeCommand = define<'resize', TypedResize, LastingResult>({
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
    persistWhenOption,
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
    { line: 'hugepool resize 2M=512 --persist', meaning: 'now and at every start' },
    { line: 'hugepool resize 2M=0 --dry-run', meaning: 'show the write, do nothing' },
  ],
  resolve,
  run,
  view: lastingView,
})
