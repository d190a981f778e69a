import t from 'tap'
import { readCgroupTroubles } from '../../../src/kernel/processes/cgroup-troubles.ts'
import { M } from '../../helpers/sizes.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

const size = 2n * M

const look = (
  files: Readonly<Record<string, string>>,
  group = '/a',
  version: 'first' | 'second' = 'second',
) => {
  const named = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`/g/hugetlb.2MB.${name}`, `${text}\n`]),
  )
  const { tree } = writerStage(t, named)
  return readCgroupTroubles(tree, [{ directory: '/g', group, version }], [size]).map(
    ({ kind, file, value }) => `${kind} ${file} ${value}`,
  )
}

const both = (max: string, reserved: string) => ({
  ...{ max, current: '0', 'rsvd.max': reserved, 'rsvd.current': '0' },
})

t.test('of the second version', async (t) => {
  t.strictSame(look(both('max', 'max')), [])
  t.strictSame(look(both('4194304', '4194304')), [])
  t.strictSame(look(both('4194304', 'max')), ['late hugetlb.2MB.max 4194304'])
  t.strictSame(look(both('4194304', '9223372036854771712')), ['late hugetlb.2MB.max 4194304'])
  t.strictSame(look(both('0', '0')), [
    'too-small hugetlb.2MB.max 0',
    'too-small hugetlb.2MB.rsvd.max 0',
  ])
  t.strictSame(look(both('0', 'max'), '/kubepods.slice/x'), [])
  t.strictSame(look({ ...both('4194304', '4194304'), 'events.local': 'max 3' }), [
    'refused hugetlb.2MB.events.local 3',
  ])
  t.strictSame(look({ ...both('4194304', '4194304'), 'events.local': 'rsvd.max 5\nmax 3' }), [
    'refused hugetlb.2MB.events.local 3',
  ])
  t.strictSame(look({ ...both('max', 'max'), 'events.local': 'max 3' }), [])
})

t.test('of the first version', async (t) => {
  const files = {
    limit_in_bytes: '4194304',
    usage_in_bytes: '0',
    'rsvd.limit_in_bytes': '9223372036852678656',
    'rsvd.usage_in_bytes': '0',
    failcnt: '4',
  }
  t.strictSame(look(files, '/a', 'first'), [
    'late hugetlb.2MB.limit_in_bytes 4194304',
    'refused hugetlb.2MB.failcnt 4',
  ])
})
