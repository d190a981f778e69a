import t from 'tap'
import { roomObstacle } from '../../../../src/model/mapping/copying/copy-room.ts'
import type { FaultFacts } from '../../../../src/model/mapping/reasons/fault-facts.ts'
import { noLimits } from '../../../../src/model/processes/cgroup-limit.ts'
import { M } from '../../../helpers/sizes.ts'

const facts: FaultFacts = {
  size: 2n * M,
  pool: {
    size: 2n * M,
    total: 10n,
    free: 8n,
    surplus: 0n,
    reserved: 2n,
    overcommit: 0n,
    nodes: [
      { node: 0, total: 6n, free: 5n, surplus: 0n },
      { node: 1, total: 4n, free: 3n, surplus: 0n },
    ],
    settled: true,
  },
  noreserve: false,
  wanted: 6n,
  limits: noLimits,
  isSpaceLimited: false,
  canOvercommit: true,
}

const why = (rest: Partial<FaultFacts>): string | undefined =>
  roomObstacle({ ...facts, ...rest })?.why

t.test('what is available is room', async (t) => {
  t.equal(why({}), undefined)
  t.equal(why({ wanted: 7n }), '6 available: 1 missing, and overcommit allows none')
})

t.test('what overcommit may make is no obstacle, and of its nodes nothing is known', async (t) => {
  const pool = { ...facts.pool, overcommit: 2n }
  t.equal(why({ pool, wanted: 8n }), undefined)
  t.equal(why({ pool, wanted: 9n }), '6 available: 3 missing, and overcommit allows only 2')
  const policy = { mode: 'bind', nodes: [1] } as const
  t.equal(why({ wanted: 4n, policy }), '3 free on node 1, to which the mapping is bound: 1 missing')
  t.equal(why({ pool, wanted: 4n, policy }), undefined)
})

t.test('what min_size holds serves files of the mount', async (t) => {
  t.equal(why({ wanted: 8n, mount: { target: '/m', least: 4n * M } }), undefined)
})

t.test('all that is in the way is named at once, in the order of the kernel', async (t) => {
  const limit = (file: string) => ({
    group: '/g',
    file,
    path: `/cg/g/${file}`,
    max: 4n * M,
    current: 2n * M,
  })
  t.equal(
    why({
      wanted: 7n,
      mount: { target: '/m', free: 2n * M },
      limits: {
        reserved: [limit('hugetlb.2MB.rsvd.max')],
        pages: [limit('hugetlb.2MB.max')],
        memory: [],
      },
    }),
    'the cgroup /g allows 4M (hugetlb.2MB.rsvd.max) and has 2M: too little; besides, ' +
      'the mount /m is full: its size limit leaves 1 page, while the pool has 6 available; besides, ' +
      '6 available: 1 missing, and overcommit allows none; besides, ' +
      'the cgroup /g allows 4M (hugetlb.2MB.max) and has 2M: too little to touch them',
  )
})
