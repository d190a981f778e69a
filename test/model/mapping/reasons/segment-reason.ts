import t from 'tap'
import {
  segmentReason,
  shmGroupCommand,
} from '../../../../src/model/mapping/reasons/segment-reason.ts'
import type { SegmentRights } from '../../../../src/model/processes/segment-rights.ts'
import * as fc from '../../../helpers/property.ts'
import { M } from '../../../helpers/sizes.ts'

const rights: SegmentRights = {
  group: 27n,
  hasIpcLock: false,
  memlock: 8388608n,
  shmmax: 4n * M,
  shmall: 2048n,
  shmmni: 4096n,
}

const limits = 'kernel.shmmax is 4194304 bytes, kernel.shmall 2048 (in base pages), memlock 8388608'
const ofMachine =
  'it is set by root of the machine, outside of the user namespace, with GROUP as it is numbered there'
const unseen = 'kernel.shmmax is ? bytes, kernel.shmall ? (in base pages), memlock ?'

t.test('EPERM names what decides it', async (t) => {
  const why = (given: SegmentRights) => segmentReason('EPERM', M, given)?.why
  const needs = (lock: string, group: string, rest = limits) =>
    `SHM_HUGETLB needs CAP_IPC_LOCK (${lock}) or membership in the group` +
    ` vm.hugetlb_shm_group, which is ${group}; ${rest}`
  t.equal(why(rights), needs('this process has it not', '27'))
  t.equal(
    why({ ...rights, hasIpcLock: true }),
    needs('this process has it in a user namespace only', '27'),
  )
  t.equal(why({}), needs('whether this process has it cannot be seen', '?', unseen))
  t.strictSame(segmentReason('EPERM', M, rights)?.advice, [
    "'hugepool tune shm-group=GROUP --persist' lets a group in, 0 lets in that of root; memlock counts before Linux 5.18 only",
    '--via anon and --via memfd need no privilege',
  ])
  t.strictSame(segmentReason('EPERM', M, { ...rights, hasIpcLock: true })?.advice[1], ofMachine)
})

t.test('EINVAL is a reason only where the segment is too large', async (t) => {
  t.strictSame(segmentReason('EINVAL', 6n * M, rights), {
    reason: 'limit',
    why: `6M is more than one segment may have: ${limits}`,
    advice: ["'hugepool tune shmmax=6M --persist' allows it"],
  })
  t.equal(segmentReason('EINVAL', 4n * M, rights), undefined)
  const { shmmax, ...unknown } = rights
  t.equal(segmentReason('EINVAL', 6n * M, unknown), undefined)
  t.equal(shmmax, 4n * M)
})

t.test('ENOSPC is that of all segments, by number or by size', async (t) => {
  t.strictSame(segmentReason('ENOSPC', M, rights), {
    reason: 'limit',
    why: `there may be no more segments, or not of that size together: kernel.shmmni is 4096; ${limits}`,
    advice: [
      "'ipcs -m' shows who has segments, 'ipcs -lm' the limits",
      "'hugepool tune shmall=AMOUNT --persist' and 'hugepool tune shmmni=SEGMENTS --persist' raise them",
    ],
  })
})

t.test('other errnos mean nothing of it', async (t) => {
  for (const errno of ['ENOMEM', 'EACCES', 'EEXIST', 'ENFILE', ''])
    t.equal(segmentReason(errno, 99n * M, rights), undefined, errno)
})

t.test('property: what cannot be seen is not made up', async () => {
  const number = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n }), { nil: undefined })
  const any = fc.record({
    group: number,
    hasIpcLock: fc.option(fc.boolean(), { nil: undefined }),
    memlock: fc.option(fc.constantFrom('unlimited' as const, 65536n), { nil: undefined }),
    shmmax: number,
    shmall: number,
    shmmni: number,
  })
  const errnos = fc.constantFrom('EPERM', 'EINVAL', 'ENOSPC')
  fc.assert(
    fc.property(any, errnos, fc.bigInt({ min: 1n, max: 2n ** 60n }), (seen, errno, bytes) => {
      const known = Object.fromEntries(
        Object.entries(seen).filter(([, value]) => value !== undefined),
      ) as SegmentRights
      const reason = segmentReason(errno, bytes, known)
      if (reason === undefined) return errno === 'EINVAL' && !(bytes > (seen.shmmax ?? bytes))
      const { group, shmmni, hasIpcLock, ...shown } = seen
      const own = { EPERM: [group], EINVAL: [], ENOSPC: [shmmni] }[errno]
      const missing = [...Object.values(shown), ...own].filter(
        (value) => value === undefined,
      ).length
      const unsure = reason.why.includes('cannot be seen')
      const marks = reason.why.split('?').length - 1
      return marks === missing && unsure === (errno === 'EPERM' && hasIpcLock === undefined)
    }),
  )
})

t.test('the command that lets a group in', async (t) => {
  t.equal(shmGroupCommand('oracle'), "'hugepool tune shm-group=oracle --persist'")
  t.equal(shmGroupCommand('data users'), `"hugepool tune 'shm-group=data users' --persist"`)
})
