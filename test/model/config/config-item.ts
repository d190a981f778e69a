import t from 'tap'
import { HugepoolError, refused, unsupported, usage } from '../../../src/errors.ts'
import {
  isSameItem,
  itemAttributes,
  itemStates,
  itemText,
  refusalKeys,
  valueText,
} from '../../../src/model/config/config-item.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('the words that scripts rely on', async (t) => {
  t.strictSame(itemAttributes, [
    'persistent',
    'demote-size',
    'mount',
    'shm-group',
    'overcommit',
    'boot',
    'default-page-size',
    'free-vmemmap',
    'cma',
  ])
  t.strictSame(itemStates, ['ok', 'drift', 'short', 'missing', 'unknown', 'next-boot'])
})

t.test('names', async (t) => {
  t.strictSame(
    [
      itemText({ attribute: 'persistent', size: 2n * M }),
      itemText({ attribute: 'persistent', size: 2n * M, node: 0 }),
      itemText({ attribute: 'overcommit', size: G }),
      itemText({ attribute: 'demote-size', size: G }),
      itemText({ attribute: 'mount', target: '/mnt/huge' }),
      itemText({ attribute: 'shm-group' }),
    ],
    ['2M', '2M on node 0', '1G overcommit', '1G demote-size', '/mnt/huge', 'shm-group'],
  )
})

t.test('values as text', async (t) => {
  const options = [
    { option: 'pagesize', text: '2M' },
    { option: 'size', text: '-' },
    { option: 'flags', text: 'nosuid,nodev' },
  ]
  t.strictSame(
    [valueText(12n), valueText('on'), valueText({ bytes: 2n * M }), valueText({ options })],
    ['12', 'on', '2M', 'pagesize=2M,nosuid,nodev'],
  )
})

t.test('the same item', async (t) => {
  const item = { attribute: 'persistent', size: G, node: 1 } as const
  const isSame = isSameItem(item)
  t.ok(isSame({ ...item }))
  t.notOk(isSame({ ...item, attribute: 'overcommit' }))
  t.notOk(isSame({ ...item, size: M }))
  t.notOk(isSame({ ...item, node: 0 }))
  t.notOk(isSame({ attribute: 'persistent', size: G }))
  t.notOk(isSame({ ...item, target: '/mnt/huge' }))
})

t.test('a refusal says how the item is, why, and what can be done', async (t) => {
  const short = refused('short', 'too few', 'make room\nor less')
  t.strictSame(refusalKeys(short), {
    state: 'short',
    why: 'too few',
    reason: 'short',
    hints: ['make room', 'or less'],
  })
  t.strictSame(refusalKeys(refused('occupied', 'not empty', 'or less'), short), {
    state: 'missing',
    why: 'not empty; too few',
    reason: 'occupied',
    hints: ['or less', 'make room'],
  })
  t.strictSame(refusalKeys(usage('there is no group')), {
    state: 'missing',
    why: 'there is no group',
    reason: 'wrong-words',
  })
  const states = (
    ['margin', 'no-feature', 'cpuset', 'no-size', 'no-node', 'other-options'] as const
  )
    .map((reason) => unsupported(reason, 'x'))
    .map((error) => refusalKeys(error).state)
  t.strictSame(states, ['short', 'short', 'short', 'missing', 'missing', 'drift'])
  t.equal(refusalKeys(new HugepoolError('E_KERNEL', 'not-understood', 'x')).state, 'unknown')
})
