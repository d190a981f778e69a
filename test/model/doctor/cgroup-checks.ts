import t from 'tap'
import {
  lookAtMemoryLimits,
  lookAtPageLimits,
  lookAtReserved,
} from '../../../src/model/doctor/cgroup-checks.ts'
import type { DoctorFacts } from '../../../src/model/doctor/doctor-facts.ts'
import type { FaultFacts } from '../../../src/model/mapping/reasons/fault-facts.ts'
import { type CgroupLimits, noLimits } from '../../../src/model/processes/cgroup-limit.ts'
import { doctorFacts } from '../../helpers/doctor-facts.ts'
import { cgroupLimit } from '../../helpers/fault-facts.ts'
import { planOf } from '../../helpers/mapping-plan.ts'
import { M } from '../../helpers/sizes.ts'

const hierarchies = {
  second: { target: '/cg', root: '/' },
  first: { target: '/cg1', root: '/' },
} as const

const within = (
  limits: Partial<CgroupLimits>,
  pages: Partial<FaultFacts> = {},
  rest: Partial<Omit<DoctorFacts, 'pages'>> = {},
) => doctorFacts({ hierarchies, ...rest }, { limits: { ...noLimits, ...limits }, ...pages })

const file = 'hugetlb.2MB.rsvd.max'

/** A limit of reservations of which so many MiB are left. */
const leaving = (left: bigint, group = '/jobs') =>
  cgroupLimit({ group, file, max: (left + 2n) * M, current: 2n * M })

const needs = { bytes: 8n * M }

t.test('a cgroup that cannot be told leaves it open', async (t) => {
  const unseen = { result: 'unknown', why: 'the cgroup of the process cannot be told' }
  const one = [cgroupLimit({ max: 0n })]
  const { hierarchies: _, ...facts } = within({ pages: one, reserved: one, memory: one })
  t.strictSame(lookAtReserved(facts), unseen)
  t.strictSame(lookAtPageLimits(facts), unseen)
  t.strictSame(lookAtMemoryLimits(facts), unseen)
  const { hierarchies: __, ...roomy } = within({ memory: [cgroupLimit({ max: 8n * M })] })
  t.strictSame(lookAtMemoryLimits(roomy), unseen, 'nor is it a warning')
})

t.test('without a limit there is nothing to tell', async (t) => {
  t.strictSame(lookAtReserved(within({})), { result: 'ok', needs })
  t.strictSame(lookAtPageLimits(within({})), { result: 'ok', needs })
  t.equal(lookAtMemoryLimits(within({})), undefined)
})

t.test('the limit that leaves least is named', async (t) => {
  const has = { bytes: 8n * M }
  const named = (why: string) => ({ result: 'ok', has, needs, why })
  t.strictSame(
    lookAtReserved(within({ reserved: [leaving(9n), leaving(8n, '/up')] })),
    named('/up has the tightest limit'),
  )
  t.strictSame(
    lookAtReserved(within({ reserved: [leaving(8n), leaving(9n, '/up')] })),
    named('/jobs has the tightest limit'),
  )
  t.strictSame(
    lookAtReserved(within({ reserved: [leaving(8n), leaving(8n, '/up')] })),
    named('/jobs has the tightest limit'),
    'of two that leave as much, the nearer one',
  )
})

t.test('every limit that is too small is told, with a command against it', async (t) => {
  const limits = [leaving(7n), leaving(8n, '/roomy'), leaving(6n, '/up')]
  t.strictSame(lookAtReserved(within({ reserved: limits })), {
    result: 'fail',
    has: { bytes: 6n * M },
    needs,
    why:
      'the cgroup /jobs allows 9M (hugetlb.2MB.rsvd.max) and has 2M: too little; ' +
      'the cgroup /up allows 8M (hugetlb.2MB.rsvd.max) and has 2M: too little',
    hints: [
      "'echo 10485760 > /sys/fs/cgroup/jobs/hugetlb.2MB.rsvd.max' lets it have them",
      "'echo 10485760 > /sys/fs/cgroup/up/hugetlb.2MB.rsvd.max' lets it have them",
    ],
  })
  const byte = cgroupLimit({ file, max: 10n * M - 1n, current: 2n * M })
  t.equal(lookAtReserved(within({ reserved: [byte] })).result, 'fail', 'a byte short')
})

t.test('a limit below what is in use leaves nothing', async (t) => {
  const lowered = cgroupLimit({ file: 'hugetlb.2MB.limit_in_bytes', max: 2n * M, current: 6n * M })
  t.strictSame(lookAtPageLimits(within({ pages: [lowered] })), {
    result: 'fail',
    has: { bytes: 0n },
    needs,
    why: 'the cgroup /jobs allows 2M (hugetlb.2MB.limit_in_bytes) and has 6M: too little to touch them',
    hints: ["'echo 14680064 > /sys/fs/cgroup/jobs/hugetlb.2MB.limit_in_bytes' lets it have them"],
  })
})

const forks = { fork: true, plan: planOf('2M=4') } as const

t.test(
  'what is reserved counts the mappings that come after, and copies, for which nothing is',
  async (t) => {
    const counted = (pages: Partial<FaultFacts>, rest: Partial<Omit<DoctorFacts, 'pages'>> = {}) =>
      lookAtReserved(within({}, pages, rest)).needs
    const later = [{ pages: 1n }, { pages: 2n }]
    t.strictSame(counted({ later }), { bytes: 14n * M })
    t.strictSame(counted({ later }, forks), { bytes: 28n * M }, 'a copy is charged when it is made')
    t.strictSame(counted({ later, noreserve: true }), { bytes: 14n * M })
    t.strictSame(counted({ later, noreserve: true }, forks), { bytes: 28n * M })
    t.strictSame(counted({ noreserve: true }, forks), { bytes: 16n * M })
    const bound = within({ reserved: [leaving(15n)] }, {}, forks)
    t.equal(lookAtReserved(bound).result, 'fail', 'the copies have to fit')
  },
)

t.test('what is touched counts copies of private mappings', async (t) => {
  const pages = [cgroupLimit({ max: 16n * M - 1n, current: 0n })]
  const has = { bytes: 16n * M - 1n }
  const why = '/jobs has the tightest limit'
  t.strictSame(lookAtPageLimits(within({ pages })), { result: 'ok', has, needs, why })
  t.strictSame(lookAtPageLimits(within({ pages }, {}, forks)), {
    result: 'fail',
    has,
    needs: { bytes: 16n * M },
    why: 'the cgroup /jobs allows 16777215 (hugetlb.2MB.max) and has 0: too little to touch them',
    hints: ["'echo 16777216 > /sys/fs/cgroup/jobs/hugetlb.2MB.max' lets it have them"],
  })
  const shared = { fork: true, plan: planOf('2M=4', { sharing: 'shared' }) } as const
  t.strictSame(lookAtPageLimits(within({ pages }, {}, shared)), { result: 'ok', has, needs, why })
})

t.test('each check looks at its own limits', async (t) => {
  const small = [cgroupLimit({ max: 1n, current: 0n })]
  const others = { reserved: small, memory: small }
  t.strictSame(lookAtPageLimits(within(others, { noreserve: true })), { result: 'ok', needs })
  t.equal(lookAtMemoryLimits(within({ reserved: small, pages: small })), undefined)
  t.strictSame(lookAtReserved(within({ memory: small, pages: small })), { result: 'ok', needs })
  const memory = [cgroupLimit({ file: 'memory.max', max: 8n * M, current: 0n })]
  t.strictSame(
    lookAtMemoryLimits(within({ reserved: small, pages: small, memory }, { noreserve: true })),
    { result: 'ok', has: needs, needs, why: '/jobs has the tightest limit' },
  )
})

t.test('memory in use can be reclaimed', async (t) => {
  const limit = (max: bigint, current: bigint, group = '/jobs') =>
    cgroupLimit({ group, file: 'memory.max', max, current })
  t.strictSame(
    lookAtMemoryLimits(within({ memory: [limit(9n * M, 0n), limit(8n * M, 1n, '/up')] })),
    {
      result: 'warn',
      has: { bytes: 8n * M - 1n },
      needs,
      why: 'other memory of /up has to be reclaimed first',
    },
  )
  t.strictSame(
    lookAtMemoryLimits(within({ memory: [limit(8n * M, 1n), limit(8n * M, 2n, '/up')] })),
    {
      result: 'warn',
      has: { bytes: 8n * M - 2n },
      needs,
      why: 'other memory of /jobs has to be reclaimed first',
    },
    'the nearest of several is named',
  )
  t.strictSame(lookAtMemoryLimits(within({ memory: [limit(8n * M - 1n, 0n)] })), {
    result: 'fail',
    has: { bytes: 8n * M - 1n },
    needs,
    why: 'the cgroup /jobs allows 8388607 (memory.max) and has 0, and huge pages count in it (memory_hugetlb_accounting)',
    hints: ["'echo 8388608 > /sys/fs/cgroup/jobs/memory.max' lets it have them"],
  })
  t.strictSame(
    lookAtMemoryLimits(within({ memory: [limit(16n * M, 1n)] }, {}, forks)),
    {
      result: 'warn',
      has: { bytes: 16n * M - 1n },
      needs: { bytes: 16n * M },
      why: 'other memory of /jobs has to be reclaimed first',
    },
    'copies count too',
  )
})
