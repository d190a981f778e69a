import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { type AppliedPlan, applyResult } from '../../../src/operations/config/apply-result.ts'
import type {
  CarriedOutDesired,
  CarriedPools,
} from '../../../src/operations/config/carry-out-desired.ts'
import { readDesiredPlan } from '../../../src/operations/config/read-desired.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { readText } from '../../helpers/config.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { global2M } from '../../helpers/on-fake.ts'
import { treeOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M
const error = (
  message: string,
  hint?: string,
  code: ConstructorParameters<typeof HugepoolError>[0] = 'E_KERNEL',
) => new HugepoolError(code, 'kernel', message, hint)

const partOf = (result: object) =>
  ({
    plan: { steps: [] },
    result: { words: [], hints: [], leftOut: [], changes: [], ...result },
  }) as unknown as CarriedPools

interface Given extends Partial<Omit<AppliedPlan, 'carried' | 'plan'>> {
  readonly carried?: Partial<CarriedOutDesired>
  /** What the call did. */
  readonly act?: (kernel: FakeKernel) => void
}

/** What is told of a call on a machine of two nodes with 3 and 5 pages, whose group is 0. */
const told = (text: string, { carried = {}, act = () => {}, ...given }: Given = {}) => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: 4n * G },
      { id: 1, memory: 4n * G },
    ],
    pools: [{ size, persistent: { 0: 3n, 1: 5n } }],
  })
  const ports = { tree: kernel } as unknown as Ports
  const desired = { configuration: readText(text) }
  const plan = readDesiredPlan(kernel, desired)
  act(kernel)
  const usual = { unnamed: [], allOrNothing: false, holders: [] }
  const done = { errors: [], undos: [], ...carried }
  const result = applyResult(ports, desired, { ...usual, ...given, plan, carried: done })
  return { result, kernel }
}

const eight = '[pools.2M]\npages = 8\n'
const nine = '[pools.2M]\npages = 9\n'
const both = `${nine}[tune]\nshm-group = "70"\n`
const set = (pages: number) => (kernel: FakeKernel) =>
  kernel.write(`${global2M}/nr_hugepages`, `${pages}`)

t.test('what was done', async (t) => {
  const { result } = told(nine, { act: set(9) })
  const { items, changes, pools, positions, ...rest } = result
  t.strictSame(rest, {
    kind: 'applied',
    files: ['config.toml'],
    skipped: [],
    unnamed: [],
    outcome: 'done',
    state: 'configured',
    words: [],
    hints: [],
    restored: false,
  })
  t.strictSame(
    [
      items.map(({ state }) => state),
      pools.map(({ total }) => total).toSorted(),
      positions.size > 0,
    ],
    [['ok'], [0n, 9n], true],
  )
  t.strictSame(changes, [
    {
      attribute: 'persistent',
      size,
      key: 'pools.2M.pages',
      essential: true,
      before: 8n,
      requested: 9n,
      after: 9n,
      outcome: 'done',
    },
  ])
})

t.test('the outcome', async (t) => {
  const outcome = (text: string, given: Given = {}) => told(text, given).result.outcome
  const pruned = { target: '/mnt/a', isPruned: true }
  const stays = { target: '/mnt/b', isPruned: false }
  t.equal(outcome(eight), 'unchanged')
  t.equal(outcome(eight, { unnamed: [stays] }), 'unchanged')
  t.equal(outcome(eight, { unnamed: [stays, pruned] }), 'done')
  t.equal(outcome(nine, { act: set(9), unnamed: [pruned] }), 'done')
  t.equal(outcome(eight, { unnamed: [pruned, { ...stays, error: error('busy') }] }), 'partial')
  t.equal(outcome(nine), 'partial')
  t.equal(outcome(nine, { act: set(9), carried: { signal: 'SIGINT' } }), 'partial')
  t.equal(outcome(nine, { act: set(9), carried: { failure: error('no') } }), 'partial')
})

t.test('words of everything, each once', async (t) => {
  const unnamed = [
    { target: '/mnt/a', isPruned: false, error: error('busy', 'look\nwait') },
    { target: '/mnt/b', isPruned: false },
  ]
  const failed = {
    attribute: 'mount',
    target: '/mnt/x',
    error: error('no mount', 'ask\nlook'),
  } as const
  const { result } = told(both, {
    unnamed,
    holders: ['who'],
    carried: {
      signal: 'SIGTERM',
      errors: [failed],
      pages: partOf({ words: ['short', 'short'], hints: ['less', 'who'] }),
      overcommit: partOf({ words: ['over'], hints: ['more'] }),
    },
  })
  const [stopped, ...words] = result.words
  t.match(stopped, /SIGTERM/)
  t.strictSame(words, ['short', 'over', 'no mount', 'shm-group: is another group', 'busy'])
  t.strictSame(result.hints, ['who', 'less', 'more', 'ask', 'look', 'wait'])
  t.equal(result.signal, 'SIGTERM')
})

t.test('what an error tells is not told again, and pools tell themselves', async (t) => {
  const failed = { attribute: 'shm-group', error: error('not allowed') } as const
  t.strictSame(told(both, { carried: { errors: [failed] } }).result.words, ['not allowed'])
  t.strictSame(told(`${both}[pools.1G]\novercommit = 1\n`).result.words, [
    'shm-group: is another group',
  ])
  const lacking = '[pools.1G]\ndemote-size = "64K"\n'
  const { words, hints } = told(lacking).result
  t.strictSame([words.length, hints.length > 0], [1, true])
  t.strictSame(
    told(lacking).result.items.flatMap((item) => item.hints ?? []),
    hints,
  )
})

t.test('errors of pools are told with the numbers that they kept', async (t) => {
  const text = '[pools.2M]\npages = "0:9,1:9"\novercommit = 3\n[pools.1G]\npages = 1\n'
  const change = { attribute: 'persistent', size } as const
  const errorsIn = (leftOut: readonly object[]) => {
    const changes = [0, 1].map((node) => ({ ...change, node }))
    const pages = partOf({ leftOut, changes: [...changes, { ...change, size: G }] })
    const overcommit = partOf({
      leftOut: [{ size, error: error('over') }],
      changes: [{ attribute: 'overcommit', size }],
    })
    return told(text, { carried: { pages, overcommit } }).result.changes.map((one) => [
      one.attribute,
      one.size,
      one.node,
      one.error?.message,
    ])
  }
  const rows = (onNode0: string | undefined, onNode1: string | undefined, on1G?: string) => [
    ['persistent', G, undefined, on1G],
    ['persistent', size, 0, onNode0],
    ['persistent', size, 1, onNode1],
    ['overcommit', size, undefined, 'over'],
  ]
  t.strictSame(errorsIn([{ size, node: 1, error: error('one') }]), rows(undefined, 'one'))
  t.strictSame(errorsIn([{ size, error: error('all') }]), rows('all', 'all'))
  t.strictSame(errorsIn([{ size: G, error: error('big') }]), rows(undefined, undefined, 'big'))
  t.strictSame(errorsIn([]), rows(undefined, undefined))
})

t.test('errors of what is not there are told with what was wanted', async (t) => {
  const text = `[pools.16M]\npages = "0:9,1:9"\novercommit = 3\n`
  const part = partOf({ leftOut: [{ size: 16n * M, error: error('none') }] })
  const errorsIn = (carried: Given['carried']) =>
    told(text, carried === undefined ? {} : { carried }).result.changes.map((one) => [
      one.attribute,
      one.size,
      one.error?.message,
    ])
  const rows = (pages?: string, overcommit?: string) => [
    ['persistent', 16n * M, pages],
    ['overcommit', 16n * M, overcommit],
  ]
  t.strictSame(errorsIn({ pages: part, overcommit: part }), rows('none', 'none'))
  t.strictSame(errorsIn({ overcommit: part }), rows(undefined, 'none'))
  const another = partOf({ leftOut: [{ size: 32n * M, error: error('none') }] })
  t.strictSame(errorsIn({ pages: another }), rows())
  const nodes = { carried: { pages: partOf({ leftOut: [{ size, node: 7, error: error('n') }] }) } }
  const [first, second, third] = told('[pools.2M]\npages = "0:3,1:5,7:1"\n', nodes).result.changes
  t.strictSame(
    [first, second, third].map((one) => [one?.node, one?.error?.message]),
    [
      [0, undefined],
      [1, undefined],
      [7, 'n'],
    ],
  )
})

const denied = error('denied', undefined, 'E_PERMISSION')
const ofGroup = { attribute: 'shm-group', error: denied } as const

t.test('where nothing was changed the want of a right, or what ended it, is thrown', async (t) => {
  const thrown = (given: Given, text = both) => {
    try {
      return told(text, given).result.outcome
    } catch (caught) {
      return (caught as Error).message
    }
  }
  const failure = error('ended')
  t.equal(thrown({ carried: { errors: [ofGroup] } }), 'denied')
  t.equal(thrown({ carried: { errors: [ofGroup], failure } }), 'ended')
  t.equal(thrown({ carried: { errors: [{ ...ofGroup, error: error('io') }] } }), 'partial')
  t.equal(thrown({ carried: { errors: [ofGroup] }, act: set(9) }), 'partial')
  t.equal(thrown({ carried: { failure }, act: set(9) }), 'partial')
  const pruned = { target: '/mnt/a', isPruned: true }
  t.equal(thrown({ carried: { errors: [ofGroup] }, unnamed: [pruned] }), 'partial')
  const busy = { ...pruned, isPruned: false }
  t.equal(thrown({ carried: { errors: [ofGroup] }, unnamed: [busy] }), 'denied')
  t.equal(thrown({ carried: { errors: [ofGroup] } }, eight), 'unchanged')
})

t.test('all or nothing puts back what fell short, and nothing else', async (t) => {
  let undone = 0
  const undo = () => {
    undone += 1
    return undefined
  }
  const undos = [undo]
  const given = { allOrNothing: true, act: set(9) }
  t.equal(told(nine, { ...given, carried: { undos } }).result.restored, false)
  t.equal(undone, 0)
  const { result } = told(both, { ...given, holders: ['who'], carried: { undos } })
  const { outcome, state, restored, words, hints, failure, changes, items, pools } = result
  t.equal(undone, 1)
  t.strictSame(
    { outcome, state, restored, words, hints, reason: failure?.reason, hint: failure?.hint },
    {
      outcome: 'unchanged',
      state: 'partly',
      restored: true,
      words: [],
      hints: [],
      reason: 'put-back',
      hint: 'who',
    },
  )
  t.equal(failure?.message, 'shm-group: is another group; all is put back as before')
  t.strictSame([changes.length, items.length, pools.length], [2, 2, 2])
  const stays = { undos: [() => '/mnt/a stays'], failure: error('ended') }
  const short = told(both, { ...given, carried: stays }).result
  t.strictSame([short.outcome, short.failure?.reason], ['partial', 'not-put-back'])
  t.equal(short.failure?.message, 'ended; putting back fell short: /mnt/a stays')
})

t.test('a kernel without huge pages has no pools', async (t) => {
  const tree = treeOf('no-hugetlb')
  const desired = { configuration: readText('[pools.2M]\npages = 1\noptional = true\n') }
  const plan = readDesiredPlan(tree, desired)
  const carried = { errors: [], undos: [] }
  const applied = { plan, carried, unnamed: [], allOrNothing: false, holders: [] }
  const { pools, outcome } = applyResult({ tree } as unknown as Ports, desired, applied)
  t.strictSame([pools, outcome], [[], 'unchanged'])
})
