import t from 'tap'
import { HugepoolError, refused, unsupported, usage } from '../../../src/errors.ts'
import {
  leftOutHints,
  leftOutName,
  leftOutWords,
  partName,
  refuseNothing,
  sifted,
} from '../../../src/model/pools/left-out.ts'
import { parseCount } from '../../../src/model/words/count.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M
const lack = unsupported('no-node', 'there is no node 7 here', 'this machine has nodes 0-1')
const margin = refused(
  'margin',
  'too little would remain',
  'ask for less\nthis machine has nodes 0-1',
)

const oddLeftOut = (keepGoing: boolean, error: Error = lack) =>
  sifted(
    { keepGoing },
    [1, 2, 3],
    (one) => {
      if (one % 2 === 1) return [one, one]
      throw error
    },
    (node) => ({ size, node }),
  )

t.test('what cannot be had is left out where the call keeps going', async (t) => {
  t.strictSame(oddLeftOut(true), { kept: [1, 1, 3, 3], leftOut: [{ size, node: 2, error: lack }] })
  t.throws(() => oddLeftOut(false), lack)
  t.throws(
    () =>
      sifted(
        {},
        [1],
        () => {
          throw lack
        },
        () => ({ size }),
      ),
    lack,
  )
})

t.test('wrong words and faults are thrown always', async (t) => {
  t.throws(() => oddLeftOut(true, usage('wrong')), { code: 'E_USAGE' })
  t.throws(() => oddLeftOut(true, new TypeError('a fault')), TypeError)
})

t.test('a part has its number where it means one on any machine', async (t) => {
  const name = (text: string, node?: number) => partName({ size }, node, parseCount(text))
  t.strictSame(name('5'), { size, requested: 5n })
  t.strictSame(name('8M', 1), { size, node: 1, requested: 4n })
  for (const text of ['+5', '-4M', '25%', 'max']) t.strictSame(name(text, 0), { size, node: 0 })
})

t.test('words and hints', async (t) => {
  t.strictSame(
    [leftOutName({ size }), leftOutName({ size, node: 0 }), leftOutName({ size: 'default' })],
    ['2M', '2M on node 0', 'default'],
  )
  t.strictSame(
    [
      leftOutWords({ size, node: 7, error: lack }),
      leftOutWords({ size, requested: 9n, planned: 4n, error: margin }),
    ],
    ['2M on node 7: left out: there is no node 7 here', '2M: cut to 4: too little would remain'],
  )
  const bare = new HugepoolError('E_KERNEL', 'kernel', 'no')
  t.strictSame(
    leftOutHints([lack, margin, bare].map((error) => ({ size, error }))),
    ['this machine has nodes 0-1', 'ask for less'],
    'each line once',
  )
})

t.test('nothing is refused where anything was done, or is there', async (t) => {
  const leftOut = [{ size, node: 1, error: lack }]
  const done = { size, before: 1n, after: 2n }
  const stays = { size, before: 1n, after: 1n }
  refuseNothing([], [])
  refuseNothing([{ ...stays, node: 0 }], [])
  refuseNothing([{ ...done, node: 1 }], leftOut)
  refuseNothing([{ ...stays, node: 0 }], leftOut)
  refuseNothing([stays], leftOut)
  refuseNothing([{ ...stays, size: 4n * M, node: 1 }], leftOut)
  t.throws(() => refuseNothing([], leftOut), lack)
  t.throws(() => refuseNothing([{ ...stays, node: 1 }], leftOut), lack)
  t.throws(() => refuseNothing([{ ...stays, node: 3 }], [{ size, error: margin }]), margin)
  t.throws(() => refuseNothing([{ size, node: 1 }], [...leftOut, { size, error: margin }]), {
    message: 'there is no node 7 here; too little would remain',
    hint: 'this machine has nodes 0-1\nask for less\nthis machine has nodes 0-1',
  })
})
