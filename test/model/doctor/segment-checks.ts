import t from 'tap'
import { countedOf } from '../../../src/model/doctor/check-finding.ts'
import type { DoctorFacts, SegmentFacts } from '../../../src/model/doctor/doctor-facts.ts'
import {
  lookAtShmall,
  lookAtShmGroup,
  lookAtShmmax,
  lookAtShmmni,
} from '../../../src/model/doctor/segment-checks.ts'
import type { SegmentRights } from '../../../src/model/processes/segment-rights.ts'
import { doctorFacts, ipcLock, plainUser } from '../../helpers/doctor-facts.ts'
import { planOf } from '../../helpers/mapping-plan.ts'
import { M } from '../../helpers/sizes.ts'

type Given = Parameters<typeof doctorFacts>[0]

const usual: SegmentFacts = {
  rights: {},
  sameNamespace: true,
  there: { segments: 3n, basePages: 100n },
  basePage: 4096n,
  memlockCounts: false,
}

/** Two segments are asked for, the larger one of 6M. */
const segmentsOf = (rights: SegmentRights, rest: Partial<SegmentFacts> = {}, given: Given = {}) =>
  doctorFacts({
    plan: planOf('2M=0:1,1:3', { via: 'shm' }),
    segments: { ...usual, rights, ...rest },
    ...given,
  })

const elsewhere = { result: 'unknown', why: 'its IPC namespace is not this one' }

const unread = (name: string) => ({
  result: 'unknown',
  why: `/proc/sys/kernel/${name} cannot be read`,
})

const unlimited = 2n ** 62n

t.test('mappings that are no segments meet no limit of them', async (t) => {
  for (const look of [lookAtShmmax, lookAtShmall, lookAtShmmni, lookAtShmGroup])
    t.equal(look(doctorFacts({ identity: plainUser })), undefined)
})

t.test('the limits of another IPC namespace cannot be seen', async (t) => {
  const facts = segmentsOf({ shmmax: 1n, shmall: 1n, shmmni: 1n }, { sameNamespace: false })
  for (const look of [lookAtShmmax, lookAtShmall, lookAtShmmni])
    t.strictSame(look(facts), elsewhere)
})

t.test('a limit that cannot be read leaves it open', async (t) => {
  t.strictSame(lookAtShmmax(segmentsOf({ shmall: 1n, shmmni: 1n })), unread('shmmax'))
  t.strictSame(lookAtShmall(segmentsOf({ shmmax: 1n, shmmni: 1n })), unread('shmall'))
  t.strictSame(lookAtShmmni(segmentsOf({ shmmax: 1n, shmall: 1n })), unread('shmmni'))
  const { there: _, ...unseen } = usual
  const facts = doctorFacts({
    plan: planOf('2M=4', { via: 'shm' }),
    segments: { ...unseen, rights: { shmall: unlimited, shmmni: unlimited } },
  })
  t.strictSame(lookAtShmall(facts), unread('shmall'))
  t.strictSame(lookAtShmmni(facts), unread('shmmni'))
})

t.test('kernel.shmmax is for each segment', async (t) => {
  const needs = { bytes: 6n * M }
  const found = (shmmax: bigint, given: Given = {}) =>
    lookAtShmmax(segmentsOf({ shmmax }, {}, given))
  const limited = (bytes: bigint) => ({ result: 'ok', has: { bytes }, needs })
  t.strictSame(found(unlimited), { result: 'ok', has: 'unlimited', needs })
  t.strictSame(found(unlimited + 1n), { result: 'ok', has: 'unlimited', needs })
  t.strictSame(found(unlimited - 1n), limited(unlimited - 1n))
  t.strictSame(found(6n * M), limited(6n * M))
  const refused = {
    result: 'fail',
    has: { bytes: 6n * M - 1n },
    needs,
    why: 'shmget gives EINVAL: 6M is more than one segment may have: kernel.shmmax is 6291455 bytes, kernel.shmall ? (in base pages), memlock ?',
    hints: ["'hugepool tune shmmax=6M --persist' allows it"],
  }
  t.strictSame(found(6n * M - 1n), refused)
  t.strictSame(
    found(6n * M - 1n, { plan: planOf('2M=0:3,1:1', { via: 'shm' }) }),
    refused,
    'the largest of them counts, whichever it is',
  )
})

t.test('kernel.shmall is for all segments together', async (t) => {
  const found = (shmall: bigint, rest: Partial<SegmentFacts> = {}) =>
    lookAtShmall(segmentsOf({ shmall }, rest))
  const needs = countedOf(2048n, 'base page')
  t.strictSame(found(unlimited), { result: 'ok', has: 'unlimited', needs })
  t.strictSame(found(unlimited - 1n), {
    result: 'ok',
    has: countedOf(unlimited - 101n, 'base page'),
    needs,
  })
  t.strictSame(found(2148n), { result: 'ok', has: countedOf(2048n, 'base page'), needs })
  const refused = (shmall: bigint, has: bigint) => ({
    result: 'fail',
    has: countedOf(has, 'base page'),
    needs,
    why: `shmget gives ENOSPC: there may be no more segments, or not of that size together: kernel.shmmni is ?; kernel.shmmax is ? bytes, kernel.shmall ${shmall} (in base pages), memlock ?`,
    hints: ["'hugepool tune shmall=2148 --persist' allows it"],
  })
  t.strictSame(found(2147n), refused(2147n, 2047n))
  t.strictSame(found(90n), refused(90n, 0n))
  t.strictSame(
    found(unlimited, { basePage: 3n * M }),
    { result: 'ok', has: 'unlimited', needs: countedOf(3n, 'base page') },
    'a base page that is used in part is used',
  )
})

t.test('kernel.shmmni is for their number', async (t) => {
  const found = (shmmni: bigint) => lookAtShmmni(segmentsOf({ shmmni }))
  t.strictSame(found(6n), {
    result: 'ok',
    has: countedOf(3n, 'segment'),
    needs: countedOf(2n, 'segment'),
  })
  t.strictSame(found(5n), {
    result: 'ok',
    has: countedOf(2n, 'segment'),
    needs: countedOf(2n, 'segment'),
  })
  const refused = (shmmni: bigint, has: bigint) => ({
    result: 'fail',
    has: countedOf(has, 'segment'),
    needs: countedOf(2n, 'segment'),
    why: `shmget gives ENOSPC: there may be no more segments, or not of that size together: kernel.shmmni is ${shmmni}; kernel.shmmax is ? bytes, kernel.shmall ? (in base pages), memlock ?`,
    hints: ["'hugepool tune shmmni=5 --persist' allows it"],
  })
  t.strictSame(found(4n), refused(4n, 1n))
  t.strictSame(found(2n), refused(2n, 0n))
})

const inside = { ...plainUser, ofMachine: false }

t.test('who may make segments', async (t) => {
  const found = (
    group: bigint | undefined,
    given: Given = { identity: plainUser },
    rest: Partial<SegmentFacts> = {},
  ) => lookAtShmGroup(segmentsOf(group === undefined ? {} : { group }, rest, given))
  const unseen = (has?: string) => ({
    result: 'unknown',
    ...(has && { has }),
    why: 'vm.hugetlb_shm_group, or who asks, cannot be seen',
  })
  t.strictSame(found(7n, {}), unseen('group 7'))
  t.strictSame(found(undefined), unseen())
  const allowed = (has?: string) => ({ result: 'ok', ...(has && { has }), needs: 'group 100' })
  t.strictSame(found(7n), allowed('group 7'), 'a supplementary group')
  t.strictSame(found(100n), allowed('group 100'), 'the group of the process')
  const locking = { identity: { ...plainUser, capabilities: ipcLock } }
  t.strictSame(found(0n, locking), allowed('group 0'), 'CAP_IPC_LOCK')
  t.strictSame(found(undefined, locking), allowed())
  t.equal(found(8n)?.result, 'fail')
  t.equal(found(7n, { identity: inside })?.result, 'ok', 'its groups, as the machine sees them')
  t.equal(found(8n, { identity: inside })?.result, 'fail')
  const locks = { identity: { ...inside, capabilities: ipcLock } }
  t.equal(found(8n, locks)?.result, 'fail', 'CAP_IPC_LOCK of a user namespace')
})

t.test('locked memory let a user in before Linux 5.18', async (t) => {
  const found = (memlock: bigint | 'unlimited' | undefined, memlockCounts = true, group = 8n) =>
    lookAtShmGroup(
      segmentsOf(
        { group },
        { memlockCounts },
        { identity: plainUser, limits: memlock === undefined ? {} : { memlock } },
      ),
    )?.result
  t.equal(found('unlimited'), 'ok')
  t.equal(found(6n * M), 'ok')
  t.equal(found(6n * M - 1n), 'fail')
  t.equal(found(undefined), 'fail')
  t.equal(found('unlimited', false), 'fail')
  const unseen = segmentsOf({}, { memlockCounts: true }, { identity: plainUser })
  t.equal(lookAtShmGroup(unseen)?.result, 'unknown')
  const open = { identity: plainUser, limits: { memlock: 6n * M } }
  t.strictSame(lookAtShmGroup(segmentsOf({}, { memlockCounts: true }, open)), {
    result: 'ok',
    needs: 'group 100',
  })
})

t.test('where locked memory counts, a hint raises it', async (t) => {
  const found = (
    memlockCounts: boolean,
    subject: Partial<DoctorFacts['subject']> = {},
    memlock: bigint = M,
  ) =>
    lookAtShmGroup(
      segmentsOf(
        { group: 8n },
        { memlockCounts },
        {
          identity: plainUser,
          limits: { memlock },
          subject: { words: '', process: 'self', hasBorrowedLimits: false, ...subject },
        },
      ),
    )
  const byGroup = "'hugepool tune shm-group=100 --persist' lets that group in"
  const unprivileged = '--via anon and --via memfd need no privilege'
  const raised = (command: string) =>
    `${command} lets it in too, on this kernel: before Linux 5.18 RLIMIT_MEMLOCK counts`
  t.strictSame(found(false)?.hints, [byGroup, unprivileged])
  t.strictSame(found(true)?.hints, [
    byGroup,
    raised("'prlimit --pid $$ --memlock=unlimited'"),
    unprivileged,
  ])
  t.equal(
    found(true, { process: '77' })?.hints?.[1],
    raised("'prlimit --pid 77 --memlock=unlimited'"),
  )
  t.equal(
    found(true, { process: '77', unit: 'db.service' })?.hints?.[1],
    raised("'systemctl edit db.service' with LimitMEMLOCK=infinity"),
  )
  const login = { hasBorrowedLimits: true }
  t.equal(found(false, login)?.result, 'fail')
  t.equal(found(true, login, 6n * M)?.result, 'ok')
  t.hasStrict(found(true, login), {
    result: 'unknown',
    why: 'that is the limit here; PAM sets the one of the user',
  })
})

t.test('a user namespace numbers groups otherwise', async (t) => {
  const identity = {
    ...plainUser,
    ofMachine: false,
    groups: [],
    groupMap: [{ inside: 100n, outside: 5100n, count: 1n }],
  }
  const found = (group: bigint, more = {}) =>
    lookAtShmGroup(segmentsOf({ group }, {}, { identity: { ...identity, ...more } }))
  t.strictSame(found(5100n), { result: 'ok', has: 'group 5100', needs: 'group 5100' })
  const refused = found(100n)
  t.strictSame(
    [refused?.result, refused?.needs, refused?.hints?.[0]],
    ['fail', 'group 5100', "'hugepool tune shm-group=5100 --persist' lets that group in"],
  )
  t.strictSame(found(100n, { groups: [65534n] }), {
    result: 'unknown',
    has: 'group 100',
    why: 'vm.hugetlb_shm_group, or who asks, cannot be seen',
  })
  const subject = { words: '', process: 'self', group: 'dba', hasBorrowedLimits: false } as const
  const asked = segmentsOf({ group: 7n }, {}, { identity, subject })
  t.equal(
    lookAtShmGroup(asked)?.hints?.[0],
    refused?.hints?.[0],
    'a name means another group there',
  )
})

t.test('who may not is told what lets them in', async (t) => {
  const refused = {
    result: 'fail',
    has: 'group 0',
    needs: 'group 100',
    why: 'shmget gives EPERM: SHM_HUGETLB needs CAP_IPC_LOCK (this process has it not) or membership in the group vm.hugetlb_shm_group, which is 0; kernel.shmmax is ? bytes, kernel.shmall ? (in base pages), memlock ?',
    hints: [
      "'hugepool tune shm-group=100 --persist' lets that group in",
      '--via anon and --via memfd need no privilege',
    ],
    answer: 'shmget gives EPERM: vm.hugetlb_shm_group is 0',
  }
  const rights = { group: 0n, hasIpcLock: false }
  t.strictSame(lookAtShmGroup(segmentsOf(rights, {}, { identity: plainUser })), refused)
  const subject = { words: '', process: 'self', group: 'dba', hasBorrowedLimits: false } as const
  t.strictSame(lookAtShmGroup(segmentsOf(rights, {}, { identity: plainUser, subject })), {
    ...refused,
    hints: [
      "'hugepool tune shm-group=dba --persist' lets that group in",
      '--via anon and --via memfd need no privilege',
    ],
  })
})
