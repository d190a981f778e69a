import { quotedCommand, shellWord } from '../etc/shell-word.ts'
import { mapCountReason, roomOfProcessor, spaceReason } from '../mapping/reasons/refusal-reason.ts'
import { hasCapability } from '../processes/process-identity.ts'
import type { ResourceLimit } from '../processes/process-limits.ts'
import { type Bytes, formatBytes } from '../words/bytes.ts'
import { atLeastNone } from '../words/count.ts'
import { type CheckValue, countedOf, type Finding } from './check-finding.ts'
import type { DoctorFacts, SubjectFacts } from './doctor-facts.ts'

const unlimited = 'unlimited'

const shown = (limit: ResourceLimit): CheckValue =>
  limit === unlimited ? unlimited : { bytes: limit }

const isBelow = (limit: ResourceLimit | undefined, bytes: Bytes): boolean =>
  limit !== undefined && limit !== unlimited && limit < bytes

/** Makes the command that raises a limit: for a unit, for a running process, or for this shell. */
const raisingCommand = (
  { process, unit }: SubjectFacts,
  option: string,
  setting: string,
): string => {
  if (unit !== undefined)
    return `${quotedCommand(`systemctl edit ${shellWord(unit)}`)} with ${setting}=infinity`
  const pid = process === 'self' ? '$$' : process
  return `'prlimit --pid ${pid} --${option}=unlimited'`
}

const raising = (subject: SubjectFacts, option: string, setting: string): string =>
  `${raisingCommand(subject, option, setting)} raises it`

/** The hint that raises RLIMIT_MEMLOCK where it lets segments in. */
export const memlockHint = (subject: SubjectFacts): string =>
  `${raisingCommand(subject, 'memlock', 'LimitMEMLOCK')} lets it in too, on this kernel: before Linux 5.18 RLIMIT_MEMLOCK counts`

/** A limit that PAM may set to something else at a login proves nothing. */
export const borrowed = ({ subject }: DoctorFacts, finding: Finding): Finding => {
  if (!subject.hasBorrowedLimits || finding.result !== 'fail') return finding
  const { hints: _, ...rest } = finding
  return { ...rest, result: 'unknown', why: 'that is the limit here; PAM sets the one of the user' }
}

const bytesOf = ({ plan }: DoctorFacts): Bytes => plan.pages * plan.size

/** RLIMIT_AS counts every mapping, RLIMIT_DATA private writable ones but those of files (mm/mmap.c). */
const spaceLimits = ({ plan, limits, space }: DoctorFacts) =>
  [
    { limit: limits.addressSpace, used: space.mapped ?? 0n, option: 'as', setting: 'LimitAS' },
    ...(plan.sharing === 'private'
      ? [{ limit: limits.dataSize, used: space.data ?? 0n, option: 'data', setting: 'LimitDATA' }]
      : []),
  ] as const

export const lookAtAddressSpace = (facts: DoctorFacts): Finding => {
  const { limits, subject } = facts
  const bytes = bytesOf(facts)
  const needs = { bytes }
  if (bytes >= roomOfProcessor) return beyondProcessor(bytes)
  if (limits.addressSpace === undefined)
    return { result: 'unknown', needs, why: `/proc/${subject.process}/limits cannot be read` }
  const low = spaceLimits(facts).find(({ limit, used }) => isBelow(limit, used + bytes))
  if (low === undefined) return { result: 'ok', has: shown(limits.addressSpace), needs }
  const limit = low.limit as Bytes
  const has = { bytes: limit > low.used ? limit - low.used : 0n }
  const hints = [raising(subject, low.option, low.setting)]
  return borrowed(facts, { result: 'fail', has, needs, ...reasonOf(bytes, hints) })
}

const reasonOf = (bytes: Bytes, hints: readonly string[]) => {
  const { why } = spaceReason(bytes, true)
  return { why: `ENOMEM: ${why}`, hints }
}

/** No limit that could be raised is in the way, so that a hint names the size alone. */
const beyondProcessor = (bytes: Bytes): Finding => ({
  result: 'fail',
  has: `less than ${formatBytes(roomOfProcessor)}`,
  needs: { bytes },
  ...reasonOf(bytes, [
    `most processors have no room for so much in one process: ask for less than ${formatBytes(roomOfProcessor)}`,
  ]),
})

/**
 * The mappings of other users' processes are not shown. Few processes have so many, so that this is no
 * doubt.
 */
export const lookAtMapCount = ({ plan, space }: DoctorFacts): Finding => {
  const { mappings, mostMappings } = space
  const wanted = BigInt(plan.parts.length)
  const needs = countedOf(wanted, 'mapping')
  if (mappings === undefined || mostMappings === undefined)
    return { result: 'ok', needs, why: 'its mappings are not shown; few processes have so many' }
  const has = countedOf(atLeastNone(mostMappings - mappings), 'mapping')
  const reason = mapCountReason(space, wanted)
  if (reason === undefined) return { result: 'ok', has, needs }
  return { result: 'fail', has, needs, why: `ENOMEM: ${reason.why}`, hints: reason.advice }
}

/**
 * Huge pages are locked from the start, and are not counted as locked memory by most ways. Where it
 * decides about a segment, whether that is refused is told by the check of the group.
 */
export const lookAtMemlock = (facts: DoctorFacts): Finding | undefined => {
  const { limits, identity, plan, segments } = facts
  const { memlock } = limits
  if (memlock === undefined) return undefined
  const decides = plan.via === 'shm' && segments?.memlockCounts === true
  const isFree = identity !== undefined && hasCapability(identity, 'CAP_IPC_LOCK')
  const locks = isBelow(memlock, bytesOf(facts)) && !isFree
  return {
    result: 'ok',
    has: shown(memlock),
    ...(decides && { needs: { bytes: bytesOf(facts) } }),
    ...(locks && {
      why: decides
        ? 'lets no segment of this size in: before Linux 5.18 it has to be as large'
        : 'counts only for a program that locks its memory, or pins it for devices',
    }),
  }
}

/**
 * The kernel looks at RLIMIT_FSIZE in ftruncate and fallocate, and not in mmap, which lengthens a file
 * too.
 */
export const lookAtFileSize = (facts: DoctorFacts): Finding | undefined => {
  const { plan, limits, subject } = facts
  if (plan.via !== 'file' && plan.via !== 'memfd') return undefined
  const bytes =
    plan.parts.reduce((most, { pages }) => (pages > most ? pages : most), 0n) * plan.size
  if (limits.fileSize === undefined) return undefined
  const counts = { has: shown(limits.fileSize), needs: { bytes } }
  if (!isBelow(limits.fileSize, bytes)) return { result: 'ok', ...counts }
  return {
    result: 'warn',
    ...counts,
    why: `a program that sets the length to ${formatBytes(bytes)} (ftruncate) dies of SIGXFSZ; mmap does not look`,
    hints: [raising(subject, 'fsize', 'LimitFSIZE')],
  }
}

/** With 2 the kernel refuses a memfd without MFD_NOEXEC_SEAL (check_sysctl_memfd_noexec in mm/memfd.c). */
export const lookAtMemfdNoexec = ({ plan, memfdNoexec }: DoctorFacts): Finding | undefined => {
  if (plan.via !== 'memfd' || memfdNoexec === undefined) return undefined
  const has = `vm.memfd_noexec=${memfdNoexec}`
  if (memfdNoexec < 2n) return { result: 'ok', has }
  return {
    result: 'warn',
    has,
    why: 'a program that makes a memfd without MFD_NOEXEC_SEAL is refused (EACCES)',
    hints: ["'sysctl vm.memfd_noexec=1' lets such programs in"],
  }
}

/** Being in another user namespace matters only for segments, and for making a mount. */
export const lookAtUserNamespace = ({ plan, identity }: DoctorFacts): Finding | undefined => {
  if (plan.via !== 'shm' && plan.via !== 'file') return undefined
  if (identity === undefined || identity.ofMachine) return undefined
  return {
    result: 'warn',
    why: 'its root is not that of the machine: CAP_IPC_LOCK does not count, and nobody mounts hugetlbfs there',
  }
}
