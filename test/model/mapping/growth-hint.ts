import t from 'tap'
import {
  growthFor,
  growthHint,
  growthOn,
  roomHints,
} from '../../../src/model/mapping/growth-hint.ts'
import { gigantic, small } from '../../helpers/mapping-plan.ts'

t.test('a growth makes surplus pages persistent before it makes any', async (t) => {
  t.equal(growthFor(small, 3n), 3n)
  for (const overcommit of [0n, 1n, 4n, 9n])
    t.equal(growthFor({ ...small, surplus: 4n, overcommit }, 3n), 7n, 'whatever may come in place')
  const { overcommit, ...unknown } = small
  t.equal(growthFor({ ...unknown, surplus: 4n }, 3n), 7n)
  t.equal(overcommit, 0n)
  const onOne = small.nodes.map((one) => ({
    ...one,
    free: 0n,
    surplus: one.node === 1 ? 2n : 0n,
  }))
  const pool = { ...small, nodes: onOne, surplus: 2n, overcommit: 9n }
  t.equal(growthOn(pool, 0, 3n), 3n)
  t.equal(growthOn(pool, 1, 3n), 5n)
  t.equal(growthOn(pool, 9, 3n), 3n)
  const idle = onOne.map((one) => ({ ...one, free: one.node === 1 ? 1n : 0n }))
  t.equal(growthOn({ ...pool, nodes: idle }, 0, 3n), 4n, 'free surplus elsewhere may leave')
})

t.test('in words', async (t) => {
  const pool = { ...gigantic, surplus: 2n, nodes: [{ node: 4, total: 2n, free: 0n, surplus: 2n }] }
  t.equal(growthHint(pool, 1n), "'hugepool resize 1G=+3' makes room")
  t.equal(growthHint(pool, 1n, [4, 5]), "'hugepool resize 1G=4:+3' makes room there")
  t.equal(growthHint(small, 2n, []), "'hugepool resize 2M=+2' makes room", 'no node is left')
})

t.test('pages that the machine has no memory for are not asked for', async (t) => {
  const hints = (pages: bigint, memory: bigint) =>
    roomHints({ pool: small, canOvercommit: false, memory }, pages)
  t.strictSame(hints(3n, 5n * 1024n ** 2n), [
    '6M are missing, and the machine has 5M available: ask for 1 page less, or free memory',
  ])
  t.strictSame(hints(3n, 6n * 1024n ** 2n), ["'hugepool resize 2M=+3' makes room"])
})

t.test(
  'overcommit stands beside it where it is too little; where it is not, memory is missing',
  async (t) => {
    const makesRoom = (text: string) => `'hugepool resize ${text}' makes room`
    const harder = (text: string) => `'hugepool resize ${text} --compact' tries harder to find it`
    const lets = (text: string) =>
      `'hugepool overcommit ${text}' lets the kernel make what is missing`
    for (const [rest, pages, canOvercommit, ...hints] of [
      [{}, 3n, true, makesRoom('2M=+3'), lets('2M=3')],
      [{}, 3n, false, makesRoom('2M=+3')],
      [{ overcommit: 2n }, 3n, true, makesRoom('2M=+3'), lets('2M=3')],
      [{ overcommit: 3n }, 3n, true, harder('2M=+3')],
      [{ overcommit: 4n, surplus: 2n }, 3n, true, makesRoom('2M=+5'), lets('2M=5')],
      [{ overcommit: 5n, surplus: 2n }, 3n, true, harder('2M=+5')],
      [{ overcommit: 1n, surplus: 4n }, 1n, true, makesRoom('2M=+5'), lets('2M=5')],
    ] as const)
      t.strictSame(roomHints({ pool: { ...small, ...rest }, canOvercommit }, pages), hints)
  },
)
