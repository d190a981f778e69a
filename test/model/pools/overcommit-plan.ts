import t from 'tap'
import { sysfsHint } from '../../../src/model/pools/machine.ts'
import { planOvercommit } from '../../../src/model/pools/overcommit-plan.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import { machineOf, nodeOf, poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine = machineOf(
  [poolOf(2n * M, { overcommit: 2n ** 64n - 1n, isDefault: true }), poolOf(G, { overcommit: 5n })],
  [nodeOf(0, 4n * G)],
)

const plan = (words: string, on = machine) =>
  planOvercommit(on, { assignments: words.split(' ').map(parseAssignment) })

const steps = (words: string) =>
  plan(words).steps.map(({ path, before, value }) => [path, before, value])
const pathOf = (size: string) =>
  `/sys/kernel/mm/hugepages/hugepages-${size}/nr_overcommit_hugepages`

t.test('every form of a count that means a number', async (t) => {
  t.strictSame(steps('2M=128'), [[pathOf('2048kB'), 2n ** 64n - 1n, 128n]])
  t.strictSame(steps('1G=+3'), [[pathOf('1048576kB'), 5n, 8n]])
  t.strictSame(steps('1G=-5'), [[pathOf('1048576kB'), 5n, 0n]])
  t.strictSame(steps('1G=2G'), [[pathOf('1048576kB'), 5n, 2n]])
  t.strictSame(steps('1G=25%'), [[pathOf('1048576kB'), 5n, 1n]])
  t.strictSame(steps('default=1G'), [[pathOf('2048kB'), 2n ** 64n - 1n, 512n]])
})

t.test('overcommit takes no memory, so a large number is not refused', async (t) => {
  t.strictSame(steps('2M=9223372036854775807'), [
    [pathOf('2048kB'), 2n ** 64n - 1n, 2n ** 63n - 1n],
  ])
})

t.test('what lowers comes first, what is so already is a target without a write', async (t) => {
  t.strictSame(steps('1G=9 2M=1'), [
    [pathOf('2048kB'), 2n ** 64n - 1n, 1n],
    [pathOf('1048576kB'), 5n, 9n],
  ])
  const same = plan('1G=5')
  t.strictSame(same.steps, [])
  t.hasStrict(same.settings, [{ attribute: 'overcommit', requested: 5n }])
})

t.test('what makes no sense is an error of usage', async (t) => {
  t.throws(() => plan('1G=0:5'), {
    code: 'E_USAGE',
    message: "'1G=0:5': the kernel has no overcommit per node",
  })
  t.throws(() => plan('1G=max'), { code: 'E_USAGE' })
  t.throws(() => plan('1G=-6'), { code: 'E_USAGE' })
  t.throws(() => plan('1G=1 1G=2'), { code: 'E_USAGE' })
  t.throws(() => plan('2M=+1'), { code: 'E_USAGE' }, '2^64')
})

t.test('what the machine lacks is not supported', async (t) => {
  t.throws(() => plan('64K=1'), { code: 'E_UNSUPPORTED' })
  const { overcommit: _, ...without } = poolOf(2n * M)
  t.throws(() => plan('2M=1', machineOf([without], [])), {
    code: 'E_UNSUPPORTED',
    message: '2M pages have no overcommit here',
  })
  const inProc = { ...without, onlyInProc: true as const }
  t.throws(() => plan('2M=1', machineOf([inProc], [])), {
    code: 'E_UNSUPPORTED',
    reason: 'not-shown',
    message: 'the overcommit of 2M pages cannot be seen here',
    hint: sysfsHint,
  })
  const shown = machineOf([{ ...inProc, overcommit: 3n }], [])
  t.strictSame(plan('2M=4', shown).settings, [
    { size: 2n * M, attribute: 'overcommit', requested: 4n },
  ])
})

t.test('a request that keeps going is planned without what is not there', async (t) => {
  const { overcommit: _, ...limitless } = poolOf(G)
  const bare = machineOf([poolOf(2n * M), limitless], [nodeOf(0, 4n * G)])
  const of = (words: string, keepGoing: boolean) =>
    planOvercommit(bare, { assignments: words.split(' ').map(parseAssignment), keepGoing })
  const { steps: written, leftOut = [] } = of('16M=1 1G=2 2M=3', true)
  t.strictSame(
    written.map(({ value }) => value),
    [3n],
  )
  t.strictSame(
    leftOut.map(({ size, requested, error }) => [size, requested, error.reason]),
    [
      [16n * M, 1n, 'no-size'],
      [G, 2n, 'no-feature'],
    ],
  )
  t.throws(() => of('1G=2 2M=3', false), { code: 'E_UNSUPPORTED', reason: 'no-feature' })
  t.throws(() => of('2M=max 1G=2', true), { code: 'E_USAGE' })
})
