import type { Look } from './look.ts'
import type { Fault } from './plan.ts'
import type { Point } from './recording.ts'
import { tells, tokenOf } from './tells.ts'

/** How a run ended, and what it said. */
export interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
  /** Whether it had to be ended because it took too long. */
  readonly hung: boolean
}

/** What is known of one run. */
export interface Evidence {
  readonly fault: Pick<Fault, 'json' | 'fate'> & { readonly point?: Pick<Point, 'call'> }
  /** The machine before the run, and after a run of the same command without a fault. */
  readonly before: Look
  readonly wanted: Look
  /** The status with which the command ends without a fault. */
  readonly usual: number | null
  readonly run: Ended
  readonly after: Look
  /** The command once more, without a fault, and the machine after it; absent where it was not run. */
  readonly second?: { readonly again: Ended; readonly end: Look }
}

/** What is wrong, in one word for its kind, and the words of it. */
export interface Finding {
  readonly kind:
    | 'bug'
    | 'stack'
    | 'silent'
    | 'hung'
    | 'lied'
    | 'half'
    | 'left'
    | 'unsaid'
    | 'no-json'
    | 'again'
  readonly words: string
}

/** The names of what differs between two looks. */
export const differing = (one: Look, other: Look): readonly string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => one[name] !== other[name],
  )

const shown = (look: Look, name: string): string =>
  `${name} is ${JSON.stringify(look[name]?.slice(0, 60) ?? 'gone')}`

const isStack = (text: string): boolean =>
  /^ +at .*(:\d+|<anonymous>)\)?$|node:internal/m.test(text)

/** Things that come and go by themselves where something is used, and are told by what uses them. */
const isFollowing = (name: string): boolean =>
  /^(used|reserved|segments|processes)( |$)/.test(name) ||
  /^file \/(run|tmp|etc|mnt|run\/hugepool\/mounts.json)$/.test(name)

const isWhole = ({ before, wanted, after }: Evidence, name: string): boolean =>
  after[name] === before[name] || after[name] === wanted[name]

/** A pool may have ended anywhere on the way, if that is said. */
const isOnTheWay = ({ before, wanted, after }: Evidence, name: string): boolean => {
  if (!/^(pool|used|reserved) /.test(name)) return false
  const [low, high] = [Number(before[name]), Number(wanted[name])].sort((a, b) => a - b)
  const now = Number(after[name])
  return low !== undefined && high !== undefined && now >= low && now <= high
}

const isLeft = (name: string): boolean => /^(file|mount|segments|processes)( |$)/.test(name)

/**
 * Whether a file is for the next one to go on from: the record of words for the boot loader tells what a
 * run was about, and systemd knows what it was last told to read.
 */
const isForNext = (name: string): boolean =>
  name === 'file /var/lib/hugepool/boot.json' || name.startsWith('file /run/systemd/')

/** What is neither as it was nor as it was to be. */
const unfinished = (evidence: Evidence): readonly Finding[] =>
  differing(evidence.after, evidence.before)
    .filter((name) => !isForNext(name) && !isWhole(evidence, name) && !isOnTheWay(evidence, name))
    .map((name): Finding => {
      const isNew = evidence.before[name] === undefined && evidence.wanted[name] === undefined
      const kind = isNew && isLeft(name) ? 'left' : 'half'
      return { kind, words: shown(evidence.after, name) }
    })

/**
 * Without its own files a program cannot write a document. Node ends itself where it cannot close one of those that
 * it loads; test/floors.ts holds that nothing else is read so.
 */
const cannotStart = ({ err }: Ended): boolean =>
  err.startsWith('hugepool: cannot start: ') || err.includes('node::fs::ReadFileUtf8(')

/** A document has to be one, and what is told in words has to be told in it too. */
const documentOf = ({ out }: Ended): unknown => {
  try {
    return JSON.parse(out)
  } catch {
    return undefined
  }
}

const unsaid = (evidence: Evidence): readonly Finding[] => {
  const { fault, run, after, before, wanted } = evidence
  if (isHidden(fault) && run.status === 0) return []
  const changed = differing(after, before).filter((name) => !isFollowing(name))
  const isAll = differing(after, wanted).length === 0
  if (run.status === 0 && isAll) return []
  const text = fault.json ? run.out : `${run.out}\n${run.err}`
  return (
    changed
      // A directory is told of by the file in it.
      .filter((name) => !after[name]?.startsWith('directory '))
      .filter((name) => !tells(text, name, after[name], fault.json))
      .map((name) => ({ kind: 'unsaid', words: shown(after, name) }))
  )
}

/** Whether a text says that a file was left as it was, and why is then said as well. */
const isKept = (text: string, name: string): boolean => {
  const path = tokenOf(name)
  return text.includes(`${path} stays: `) || text.includes(`"kept":[{"path":"${path}"`)
}

/** What the kernel answers for a file or directory that is not there, or not any more. */
const hidingErrnos: readonly string[] = ['ENOENT', 'ENOTDIR']

/**
 * What single calls answer where there is something else: a directory for a file, files of others in a
 * directory, a segment that somebody has removed.
 */
const otherErrnos: Readonly<Record<string, readonly string[]>> = {
  openat: ['EISDIR'],
  rmdir: ['ENOTEMPTY', 'EEXIST'],
  shmctl: ['EINVAL', 'EIDRM'],
}

/** Whether a file or directory is hidden from the command, or another shown: to it the machine is another one. */
const isHidden = ({ fate, point }: Evidence['fault']): boolean =>
  fate.kind === 'errno' &&
  (hidingErrnos.includes(fate.errno) ||
    otherErrnos[point?.call ?? '']?.includes(fate.errno) === true)

/** Whether a text says that there may be files which the command has not seen. */
const saysUnseen = (text: string): boolean => /director(?:y|ies) could not be looked at/.test(text)

/** What is not as it was to be, although the status says so. What is kept, with a reason, is no lie. */
const lies = ({ fault, run, usual, wanted, after }: Evidence): readonly string[] => {
  if (run.status !== usual || usual !== 0 || isHidden(fault)) return []
  const said = `${run.out}${run.err}`
  if (saysUnseen(said)) return []
  const wrong = differing(after, wanted)
  const others = wrong.filter((name) => !isKept(said, name))
  return others.length < wrong.length ? others.filter((name) => !isFollowing(name)) : others
}

const endings = (evidence: Evidence): readonly Finding[] => {
  const { run, fault, after } = evidence
  const failed = run.status !== 0
  const said = `${run.out}${run.err}`.trim()
  const lied = lies(evidence)
  return [
    ...(run.status === 70 ? [{ kind: 'bug', words: run.err } as const] : []),
    ...(isStack(run.err) ? [{ kind: 'stack', words: run.err } as const] : []),
    ...(failed && said === ''
      ? [{ kind: 'silent', words: `${run.status} ${run.signal}` } as const]
      : []),
    ...(lied.length > 0
      ? [{ kind: 'lied', words: lied.map((name) => shown(after, name)).join(', ') } as const]
      : []),
    ...(fault.json && !cannotStart(run) && documentOf(run) === undefined
      ? [{ kind: 'no-json', words: run.err || run.out } as const]
      : []),
  ]
}

/**
 * Whether a file only notes which mounts are of hugepool's making. Where a run ended between a mount
 * and its note, the mount stays for the next run as somebody else's, which is not unmounted.
 */
const isNoteOfMounts = (name: string): boolean =>
  /^file \/run\/hugepool(\/mounts\.json)?$/.test(name)

const secondTime = ({ second, usual, wanted }: Evidence): readonly Finding[] => {
  if (second === undefined) return []
  const { again, end } = second
  const wrong = differing(end, wanted).filter((name) => !isNoteOfMounts(name))
  if (again.status !== usual)
    return [{ kind: 'again', words: `ends with ${again.status ?? again.signal}: ${again.err}` }]
  return wrong.length === 0
    ? []
    : [{ kind: 'again', words: wrong.map((name) => shown(end, name)).join(', ') }]
}

/**
 * The evidence without the segment that a run leaves which could not remove it, or was told that it is gone.
 * strace counts the calls of each process apart, so that the guardian, which removes what the other one leaves,
 * fails as well.
 */
const withoutSegment = (evidence: Evidence): Evidence => {
  const { fault, run } = evidence
  if (fault.point?.call !== 'shmctl' || (run.status === 0 && !isHidden(fault))) return evidence
  const { segments, ...after } = evidence.after
  if (segments === undefined) return evidence
  const free = (look: Look): Look =>
    Object.fromEntries(
      Object.entries(look).map(([name, value]) => [
        name,
        /^(used|reserved) /.test(name) ? (evidence.before[name] ?? value) : value,
      ]),
    )
  const { second, ...rest } = evidence
  if (second === undefined) return { ...rest, after: free(after) }
  const { segments: _, ...end } = second.end
  return { ...rest, after: free(after), second: { ...second, end: free(end) } }
}

/** Says all that is wrong with a run; of a kill only what is left, and what the next run makes of it. */
export const judge = (whole: Evidence): readonly Finding[] => {
  const evidence = withoutSegment(whole)
  const { fault, run } = evidence
  if (run.hung) return [{ kind: 'hung', words: run.err }]
  const first =
    fault.fate.kind === 'kill'
      ? unfinished(evidence).filter(({ kind }) => kind === 'half')
      : [...endings(evidence), ...unfinished(evidence), ...unsaid(evidence)]
  return [...first, ...secondTime(evidence)]
}
