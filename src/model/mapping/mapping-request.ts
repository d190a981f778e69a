import { usage } from '../../errors.ts'
import { type Assignment, namesNodes } from '../words/assignment.ts'
import { decimalPattern } from '../words/bytes.ts'
import type { Count, Pages } from '../words/count.ts'
import type { NodeSelection } from '../words/node-list.ts'
import type { Policy } from '../words/policy.ts'
import type { TestSubject } from './test-subject.ts'

/**
 * The ways in which a program can ask for huge pages: mmap, a hugetlbfs file, memfd_create, shmget.
 */
export const vias = ['anon', 'file', 'memfd', 'shm'] as const
export type Via = (typeof vias)[number]

export const sharings = ['private', 'shared'] as const
export type Sharing = (typeof sharings)[number]

/** The operands and options that were typed for a test mapping. */
export interface MappingRequest {
  readonly assignment: Assignment
  readonly nodes?: NodeSelection
  readonly policy?: Policy
  readonly via?: Via
  readonly sharing?: Sharing
  /** An existing file: one on hugetlbfs, or a character device. */
  readonly path?: string
  /** A hugetlbfs mount, or a directory in one. */
  readonly mount?: string
  readonly populate: boolean
  readonly noreserve: boolean
  readonly verify: boolean
  readonly frames: boolean
  /** Whether the counters are read while pages are touched, and not only after the last one. */
  readonly readOften: boolean
  /** The number of pages to touch, from the first page on. */
  readonly touch?: Pages
  readonly threads?: number
  /** The time to hold the pages, in milliseconds. */
  readonly hold?: number
  /** The number of processes that map the same pages, this one included. */
  readonly processes: number
  /** Whether a child of fork(2) writes to every page that was touched. */
  readonly fork?: boolean
  /** The user as whom the test is made, by name or number. */
  readonly user?: string
  /** The group as which the test is made, by name or number. */
  readonly group?: string
  /** The cgroup in which the test is made: as /proc/PID/cgroup names it, or its directory. */
  readonly cgroup?: string
  /** What the test is made as in place of `user`, `group` and `cgroup`. Only doctor asks for it. */
  readonly madeAs?: TestSubject
}

const parseWhole = (text: string, what: string, least: bigint, most: bigint): bigint => {
  const number = decimalPattern.test(text) && text.length < 20 ? BigInt(text) : undefined
  if (number !== undefined && number >= least && number <= most) return number
  throw usage(`'${text}' is not a number of ${what}`, `a whole number from ${least} to ${most}`)
}

export const parseTouch = (text: string): Pages => parseWhole(text, 'pages', 0n, 2n ** 52n)
export const parseThreads = (text: string): number => Number(parseWhole(text, 'threads', 1n, 1024n))
/** Reads the number of processes. Each of them is a process of Node. */
export const parseProcesses = (text: string): number =>
  Number(parseWhole(text, 'processes', 1n, 64n))

const countsOf = ({ assignment }: MappingRequest): readonly Count[] =>
  namesNodes(assignment)
    ? assignment.counts.map(({ count }) => count)
    : [assignment.counts as Count]

type Rule = readonly [broken: (request: MappingRequest) => unknown, what: string, hint?: string]

const looksAtPages = ({ verify, frames }: MappingRequest): boolean => verify || frames

const isFile = ({ via, path, mount }: MappingRequest): boolean =>
  via === 'file' || path !== undefined || mount !== undefined

const severalMappings = ({ assignment, nodes }: MappingRequest): boolean =>
  namesNodes(assignment) || nodes !== undefined

const rules: readonly Rule[] = [
  [
    ({ fork, touch }) => fork && touch === 0n,
    '--fork writes to pages that were touched, and --touch 0 touches none',
  ],
  [({ fork, processes }) => fork && processes > 1, '--fork and --processes exclude each other'],
  [({ user, group }) => group !== undefined && user === undefined, '--group is for --user'],
  [({ path, via }) => path && via, '--path is a way of mapping itself, so --via cannot be given'],
  [({ path, mount }) => path && mount, '--path and --mount exclude each other'],
  [({ mount, via }) => mount && via && via !== 'file', '--mount is for --via file'],
  [
    ({ via, sharing }) => via === 'shm' && sharing === 'private',
    'a SysV segment is always shared, so --private cannot be given',
  ],
  [
    ({ via, populate }) => via === 'shm' && populate,
    '--populate is an option of mmap; a SysV segment is attached without it',
  ],
  [
    (request) => request.policy && severalMappings(request),
    '--mempolicy is for one mapping, so no node can be named beside it',
  ],
  [
    (request) => request.path && severalMappings(request),
    '--path is one mapping, so no node can be named for a part of it',
    '--mempolicy bind:NODES binds the whole of it',
  ],
  [
    (request) => request.processes > 1 && severalMappings(request),
    '--processes share one mapping, so no node can be named for a part of it',
    '--mempolicy bind:NODES binds the whole of it',
  ],
  [
    (request) =>
      request.processes > 1 && !isFile(request) && request.via !== 'memfd' && request.via !== 'shm',
    'processes cannot share an anonymous mapping',
    'give --via memfd, --via file or --via shm',
  ],
  [
    ({ processes, sharing }) => processes > 1 && sharing === 'private',
    'a private mapping is not shared by --processes',
  ],
  [
    (request) => request.touch === 0n && looksAtPages(request),
    '--verify and --frames look at pages that were touched, and --touch 0 touches none',
  ],
  [
    (request) => countsOf(request).some((count) => 'sign' in count && count.sign !== ''),
    'a test maps a number of pages, so + and - mean nothing',
  ],
]

/** Throws E_USAGE where the options contradict each other, before anything is read. */
export const checkRequest = (request: MappingRequest): MappingRequest => {
  const [, what, hint] = rules.find(([broken]) => broken(request)) ?? []
  if (what !== undefined) throw usage(what, hint)
  return request
}

/**
 * Returns the way of mapping. Without a choice it is anonymous memory, or a file if a path or a
 * mount is named.
 */
export const viaOf = (request: MappingRequest): Via =>
  request.via ?? (isFile(request) ? 'file' : 'anon')

export const sharingOf = (request: MappingRequest): Sharing =>
  request.sharing ?? (viaOf(request) === 'anon' ? 'private' : 'shared')
