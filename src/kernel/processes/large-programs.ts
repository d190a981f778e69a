import { asOctets, type Octets, textOf } from '../../model/etc/octets.ts'
import { knownPrograms } from '../../model/processes/fallen-back.ts'
import type {
  LargeProgram,
  LargePrograms,
  LargestProcess,
} from '../../model/processes/large-program.ts'
import { nameInComm, processName } from '../../model/processes/process-name.ts'
import type { Bytes } from '../../model/words/bytes.ts'
import { present } from '../../model/words/present.ts'
import { processesAmong, processIds } from '../process-list.ts'
import { listIfPresent, readIfReadable } from '../read-attribute.ts'
import { isLive, procOf, type Tree } from '../tree.ts'
import { readPostgresSettings } from './postgres-settings.ts'
import { areasIn } from './program-areas.ts'
import { ifShown, readAll, readAtOnce } from './scan/quick-read.ts'

/** Reads a file of a process; undefined where it cannot be. */
type ReadOfProcess = (pid: string, name: string) => Octets | undefined

/**
 * Reads files of processes as a whole. There are thousands of them, so that only those of a recording
 * are read through its tree, which takes longer.
 */
const processReader = (tree: Tree): ReadOfProcess => {
  const proc = procOf(tree)
  return isLive(tree)
    ? (pid, name) => ifShown(() => readAll(`${proc}/${pid}/${name}`))
    : (pid, name) => readIfReadable(tree, `/proc/${pid}/${name}`)
}

/**
 * Reads files that the kernel gives whole in one read(2), such as statm, without a second call for
 * their end.
 */
const shortReader = (tree: Tree): ReadOfProcess => {
  const proc = procOf(tree)
  return isLive(tree)
    ? (pid, name) =>
        ifShown(() => asOctets(readAtOnce(`${proc}/${pid}/${name}`).toString('latin1')))
    : processReader(tree)
}

const pidsIn = (tree: Tree): readonly string[] =>
  isLive(tree)
    ? (ifShown(() => processIds(procOf(tree))) ?? [])
    : processesAmong(listIfPresent(tree, '/proc'))

/**
 * Reads the first two numbers of statm: the space, and what of it is in memory (proc_pid_statm), in
 * bytes.
 */
const statmSizes = (statm: Octets | undefined, basePage: Bytes) => {
  const [, space = '0', resident = '0'] = /^(\d+) (\d+) /.exec(statm ?? '') ?? []
  return { space: Number(space) * Number(basePage), resident: Number(resident) * Number(basePage) }
}

/** A process of fewer bytes is neither a large program nor a kubelet. */
const leastSpace = 64 * 1024 ** 2

const commandOf = (read: ReadOfProcess, pid: string): string =>
  processName(nameInComm(read(pid, 'comm') ?? asOctets('?')))

/**
 * Reads the words of a command line. Every process of PostgreSQL but the first has a title in their
 * place.
 */
const commandLineWords = (read: ReadOfProcess, pid: string): readonly string[] =>
  textOf(read(pid, 'cmdline') ?? asOctets(''))
    .split('\0')
    .filter((word) => word !== '')

/** Up to version 15 its first process, and so the children too, may bear the old name. */
const isPostgres = (command: string): boolean => command === 'postgres' || command === 'postmaster'

const knownProgram = (
  tree: Tree,
  read: ReadOfProcess,
  pid: string,
  command: string,
): LargeProgram => {
  const words = commandLineWords(read, pid)
  const maps = read(pid, 'maps')
  return present({
    pid: Number(pid),
    command,
    words,
    areas: maps === undefined || maps === '' ? undefined : areasIn(maps),
    settings: isPostgres(command) ? readPostgresSettings(tree, pid, words) : undefined,
  })
}

/** What a look at all processes found: the large programs that are known, and a kubelet. */
export interface SeenPrograms extends LargePrograms {
  /** The process of the kubelet, where one runs. */
  readonly kubelet?: number
  /** The programs that may not be looked into. */
  readonly closed: readonly LargeProgram[]
}

/**
 * Leaves out the children of programs that fork: the first process has the words, and they have its
 * memory.
 */
const withoutChildren = (programs: readonly LargeProgram[]): readonly LargeProgram[] =>
  programs.filter(
    ({ command, words }) => !isPostgres(command) || !/^postgres: /.test(words[0] ?? ''),
  )

/**
 * Looks at the processes of a machine: one short file for each, and more of those that are large.
 * `basePage` is the unit of the kernel here. Where `spaces` has the address space in kB of a small
 * process, no file of that is read.
 */
export const readLargePrograms = (
  tree: Tree,
  basePage: Bytes,
  spaces: ReadonlyMap<string, number> = new Map(),
): SeenPrograms => {
  const read = processReader(tree)
  const readShort = shortReader(tree)
  const programs: LargeProgram[] = []
  let largest: { readonly pid: string; readonly resident: number } | undefined
  let kubelet: number | undefined
  for (const pid of pidsIn(tree)) {
    if ((spaces.get(pid) ?? leastSpace) * 1024 < leastSpace) continue
    const { space, resident } = statmSizes(readShort(pid, 'statm'), basePage)
    if (space < leastSpace) continue
    if (resident > (largest?.resident ?? 0)) largest = { pid, resident }
    const command = commandOf(read, pid)
    if (command === 'kubelet') kubelet ??= Number(pid)
    if (knownPrograms.has(command)) programs.push(knownProgram(tree, read, pid, command))
  }
  const found = withoutChildren(programs)
  return present({
    programs: found,
    largest: largest && largestProcess(read, largest),
    kubelet,
    closed: found.filter(({ areas }) => areas === undefined),
  })
}

const largestProcess = (
  read: ReadOfProcess,
  { pid, resident }: { readonly pid: string; readonly resident: number },
): LargestProcess => ({
  pid: Number(pid),
  command: commandOf(read, pid),
  resident: BigInt(resident),
})
