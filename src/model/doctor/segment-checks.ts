import { segmentReason, shmGroupCommand } from '../mapping/reasons/segment-reason.ts'
import { tuneLine } from '../mapping/reasons/tune-line.ts'
import { groupOnMachine, hasCapability, isInMachineGroup } from '../processes/process-identity.ts'
import { atLeastNone, roundedPages } from '../words/count.ts'
import { present } from '../words/present.ts'
import { type CheckValue, countedOf, type Finding } from './check-finding.ts'
import type { DoctorFacts, SegmentFacts } from './doctor-facts.ts'
import { borrowed, memlockHint } from './process-checks.ts'

type LookAtSegments = (facts: DoctorFacts, segments: SegmentFacts) => Finding

/** Turns a look at segments into one that says nothing of other mappings. */
const ofSegments =
  (look: LookAtSegments) =>
  (facts: DoctorFacts): Finding | undefined =>
    facts.segments && look(facts, facts.segments)

const elsewhere = { result: 'unknown', why: 'its IPC namespace is not this one' } as const

const unread = (name: string): Finding => ({
  result: 'unknown',
  why: `/proc/sys/kernel/${name} cannot be read`,
})

/** The kernel's defaults are close to the largest number, and so limit nothing. */
const shown = (limit: bigint, value: CheckValue): CheckValue =>
  limit >= 2n ** 62n ? 'unlimited' : value

/** Finds the bytes of the largest segment: every mapping becomes one. */
const largest = ({ plan }: DoctorFacts): bigint =>
  plan.parts.reduce((most, { pages }) => (pages > most ? pages : most), 0n) * plan.size

const whyOf = (errno: string, bytes: bigint, { rights }: SegmentFacts) =>
  segmentReason(errno, bytes, rights) ?? { why: errno, advice: [] }

/** The kernel looks at shmmax before it looks at the right to make segments (newseg in ipc/shm.c). */
export const lookAtShmmax = ofSegments((facts, segments) => {
  const { shmmax } = segments.rights
  if (!segments.sameNamespace) return elsewhere
  if (shmmax === undefined) return unread('shmmax')
  const bytes = largest(facts)
  const counts = { has: shown(shmmax, { bytes: shmmax }), needs: { bytes } }
  if (bytes <= shmmax) return { result: 'ok', ...counts }
  const { why, advice } = whyOf('EINVAL', bytes, segments)
  return { result: 'fail', ...counts, why: `shmget gives EINVAL: ${why}`, hints: advice }
})

export const lookAtShmall = ofSegments((facts, segments) => {
  const { rights, there, basePage } = segments
  const { shmall } = rights
  if (!segments.sameNamespace) return elsewhere
  if (shmall === undefined || there === undefined) return unread('shmall')
  const needs = roundedPages(facts.plan.pages * facts.plan.size, basePage, 'up')
  const left = shmall > there.basePages ? shmall - there.basePages : 0n
  const basePages = (count: bigint) => countedOf(count, 'base page')
  const counts = { has: shown(shmall, basePages(left)), needs: basePages(needs) }
  if (there.basePages + needs <= shmall) return { result: 'ok', ...counts }
  const { why } = whyOf('ENOSPC', largest(facts), segments)
  return {
    result: 'fail',
    ...counts,
    why: `shmget gives ENOSPC: ${why}`,
    hints: [`${tuneLine('shmall', there.basePages + needs)} allows it`],
  }
})

/** The kernel counts segments after it has reserved their pages (ipc_addid in ipc/util.c). */
export const lookAtShmmni = ofSegments((facts, segments) => {
  const { rights, there } = segments
  const { shmmni } = rights
  if (!segments.sameNamespace) return elsewhere
  if (shmmni === undefined || there === undefined) return unread('shmmni')
  const needs = BigInt(facts.plan.parts.length)
  const segmentsOf = (count: bigint) => countedOf(count, 'segment')
  const left = atLeastNone(shmmni - there.segments)
  const counts = { has: segmentsOf(left), needs: segmentsOf(needs) }
  if (there.segments + needs <= shmmni) return { result: 'ok', ...counts }
  const { why } = whyOf('ENOSPC', largest(facts), segments)
  return {
    result: 'fail',
    ...counts,
    why: `shmget gives ENOSPC: ${why}`,
    hints: [`${tuneLine('shmmni', there.segments + needs)} allows it`],
  }
})

/** Locked memory let a user in before 5.18 (hugetlb_file_setup in fs/hugetlbfs/inode.c). */
const fitsMemlock = ({ limits }: DoctorFacts, { memlockCounts }: SegmentFacts, bytes: bigint) =>
  memlockCounts &&
  limits.memlock !== undefined &&
  (limits.memlock === 'unlimited' || limits.memlock >= bytes)

const isPermitted = (facts: DoctorFacts, segments: SegmentFacts): boolean | undefined => {
  const { identity } = facts
  const { group } = segments.rights
  if (identity === undefined) return undefined
  if (hasCapability(identity, 'CAP_IPC_LOCK')) return true
  const isMember = group === undefined ? undefined : isInMachineGroup(identity, group)
  return isMember || fitsMemlock(facts, segments, largest(facts)) ? true : isMember
}

/**
 * The kernel asks for CAP_IPC_LOCK or the group of vm.hugetlb_shm_group (can_do_hugetlb_shm in
 * fs/hugetlbfs/inode.c).
 */
export const lookAtShmGroup = ofSegments((facts, segments) => {
  const { identity, subject } = facts
  const { group } = segments.rights
  const has = group === undefined ? undefined : `group ${group}`
  const onMachine = identity && groupOnMachine(identity, identity.group)
  const own = onMachine === undefined ? undefined : `${onMachine}`
  const permitted = isPermitted(facts, segments)
  if (permitted === undefined)
    return present({
      result: 'unknown',
      has,
      why: 'vm.hugetlb_shm_group, or who asks, cannot be seen',
    })
  const needs = own === undefined ? undefined : `group ${own}`
  if (permitted) return present({ result: 'ok', has, needs })
  const { why, advice } = whyOf('EPERM', largest(facts), segments)
  const [, ...others] = advice
  const typed = identity?.groupMap === undefined ? subject.group : undefined
  // Whoever is not let in has no group that is not seen here.
  const admitted = `${typed ?? own}`
  const failure = present({
    result: 'fail' as const,
    has,
    needs,
    why: `shmget gives EPERM: ${why}`,
    hints: [
      `${shmGroupCommand(admitted)} lets that group in`,
      ...(segments.memlockCounts ? [memlockHint(subject)] : []),
      ...others,
    ],
    answer: `shmget gives EPERM: vm.hugetlb_shm_group is ${group}`,
  })
  return segments.memlockCounts ? borrowed(facts, failure) : failure
})
