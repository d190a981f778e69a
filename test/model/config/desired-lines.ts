import t from 'tap'
import { unsupported } from '../../../src/errors.ts'
import { desiredLines, settingPaths } from '../../../src/model/config/desired-lines.ts'
import type { DesiredPlan } from '../../../src/model/config/desired-plan.ts'
import { stepFor } from '../../../src/model/pools/pool-plan.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M
const none = { steps: [], settings: [], notes: [], memoryMinimums: [] }
const nothing: DesiredPlan = {
  pages: none,
  demoteSizes: [],
  mounts: [],
  overcommit: none,
  items: [],
}

const desired = { target: '/mnt/a b', pageSize: size, uid: 0, gid: 0, mode: '0755', flags: [] }
const judgedItem = (judged: unknown) => ({ item: {}, judged })
const mount = { plan: { kind: 'mount', desired, directories: ['/mnt/a b'] }, objections: [] }

const plan = {
  ...nothing,
  pages: { ...none, steps: [stepFor({ size, attribute: 'persistent', node: 1 }, 0n, 4n)] },
  demoteSizes: [{ path: '/sys/demote_size', requested: size, before: 65536n }],
  mounts: [
    judgedItem(undefined),
    judgedItem(mount),
    judgedItem({ plan: { kind: 'unchanged' }, objections: [] }),
    judgedItem({ ...mount, objections: [unsupported('no-feature', 'no')] }),
  ],
  group: { path: '/proc/sys/vm/hugetlb_shm_group', before: 1n, requested: 70n },
  overcommit: { ...none, steps: [stepFor({ size, attribute: 'overcommit' }, 0n, 2n)] },
} as unknown as DesiredPlan

const node1 = '/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages'
const overcommit = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages'

t.test('the lines of everything, in the order in which it is done', async (t) => {
  const [pages, demoteSize, directory, made = '', ...rest] = desiredLines(plan)
  t.strictSame(
    [pages, demoteSize, directory, rest],
    [
      `echo 4 > ${node1}`,
      'echo 2048kB > /sys/demote_size',
      "mkdir '/mnt/a b'",
      ['echo 70 > /proc/sys/vm/hugetlb_shm_group', `echo 2 > ${overcommit}`],
    ],
  )
  t.match(made, /^mount -t hugetlbfs -o .*pagesize=2M.* none '\/mnt\/a b'$/)
})

t.test('the files that are written beside those of pages', async (t) => {
  t.strictSame(settingPaths(plan), [
    '/sys/demote_size',
    '/proc/sys/vm/hugetlb_shm_group',
    overcommit,
  ])
})

t.test('of nothing', async (t) => {
  t.strictSame([desiredLines(nothing), settingPaths(nothing)], [[], []])
})
