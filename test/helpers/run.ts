import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'
import { directoryTree, type Tree } from '../../src/kernel/tree.ts'
import type { Machine, MemoryNode, Pool } from '../../src/model/pools/machine.ts'
import { present } from '../../src/model/words/present.ts'
import { caught, type Result } from './caught.ts'

const top = join(import.meta.dirname, '../..')

/** What runs the program: this Node, or another that test/nodes/run.sh names. */
export const node = process.env.HUGEPOOL_TEST_NODE ?? process.execPath

/** The program that is one file, where test/dist/run.sh tests that in place of the package. */
const oneFile = process.env.HUGEPOOL_TEST_PROGRAM

/** The words that start an installed program. */
const startOf = (program: string): readonly string[] =>
  oneFile === undefined ? [node, program] : [program]

export const treeNames: readonly string[] = readdirSync(join(top, 'test/fixtures/trees'))
export const treePath = (name: string): string => join(top, 'test/fixtures/trees', name)
export const treeOf = (name: string): Tree => directoryTree(treePath(name))

/** What stands before a program that is to run without the loader that tap puts into the environment. */
export const withoutLoader: readonly string[] = ['-u', 'NODE_OPTIONS']

export interface RunOptions {
  /** A recorded machine by name, or what stands for one. */
  readonly tree: string | Tree
  readonly terminal?: boolean
  /** The width of the terminal that both streams are then. */
  readonly columns?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly native?: Native
}

/** Runs a command line within this process, on a tree and with no native calls but those given. */
export const run = async (argv: readonly string[], around: RunOptions): Promise<Result> => {
  const { tree, native, columns, terminal = columns !== undefined, environment = {} } = around
  const streams = {
    outIsTerminal: terminal,
    errIsTerminal: terminal,
    outColumns: () => columns,
    environment,
  }
  return caught(argv, streams, { native, tree: typeof tree === 'string' ? treeOf(tree) : tree })
}

/** A directory that is gone when the test ends. */
export const temporary = (t: Test, parent = tmpdir()): string => {
  const directory = mkdtempSync(join(parent, 'hugepool-test-'))
  chmodSync(directory, 0o755)
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A copy of a recorded machine that may be written to. */
export const treeCopy = (t: Test, name: string): string => {
  const directory = temporary(t)
  cpSync(treePath(name), directory, { recursive: true })
  return directory
}

/** Every file below a directory with its text and the moment of its last change. */
export const filesBelow = (directory: string, withTimes = true): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, statSync(join(directory, name), { bigint: true })] as const)
      .map(([name, stat]) => {
        const text = stat.isFile() ? readFileSync(join(directory, name), 'latin1') : '(directory)'
        return [name, withTimes ? `${stat.mtimeNs} ${text}` : text]
      }),
  )

/** The launcher in a copy of the program; a program copies hundreds of small files faster than Node does. */
const copiedInto = (directory: string, without: readonly string[]): string => {
  if (oneFile !== undefined) {
    if (without.length > 0) throw new Error('the program that is one file lacks nothing')
    const program = join(directory, 'hugepool')
    copyFileSync(oneFile, program, constants.COPYFILE_FICLONE)
    return program
  }
  const parts = ['package.json', 'bin', 'dist', 'native/build/Release/hugepool.node']
  const copied = parts.filter((part) => !without.includes(part))
  const { status, stderr } = spawnSync('cp', ['-rL', '--parents', ...copied, directory], {
    cwd: top,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return join(directory, 'bin/hugepool.js')
}

/** The program as it is installed, in a place that every user can read, for a test that changes it. */
export const installedApart = (t: Test, ...without: readonly string[]): string =>
  copiedInto(temporary(t), without)

const copies = new Map<string, string>()

/** The program as it is installed, once for all tests of this process: none of them changes it. */
export const installed = (...without: readonly string[]): string => {
  const key = without.join(' ')
  const known = copies.get(key)
  if (known !== undefined) return known
  const directory = mkdtempSync(join(tmpdir(), 'hugepool-test-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  chmodSync(directory, 0o755)
  const program = copiedInto(directory, without)
  copies.set(key, program)
  return program
}

export interface SpawnOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** What stands before the program: `strace -f`, for one. */
  readonly under?: readonly string[]
  readonly uid?: number
}

/** A command that starts from nothing: tap would put its own loader into the environment. */
const fromNothing = (command: readonly string[], environment: Readonly<Record<string, string>>) => {
  const settings = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment }
  return ['-i', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...command]
}

/** Runs the real process and waits for its end. */
export const spawnProgram = (
  program: string,
  argv: readonly string[],
  { environment = {}, under = [], uid }: SpawnOptions = {},
): SpawnSyncReturns<string> =>
  spawnSync('/usr/bin/env', fromNothing([...under, ...startOf(program), ...argv], environment), {
    encoding: 'utf8',
    cwd: '/',
    // What has not ended after so many milliseconds does not end.
    timeout: 120_000,
    killSignal: 'SIGKILL',
    ...present({ uid, gid: uid }),
  })

/** Runs a line of shell, in which "$@" is the program and its words. */
export const spawnLine = (
  line: string,
  program: string,
  argv: readonly string[] = [],
  options: SpawnOptions = {},
): SpawnSyncReturns<string> =>
  spawnProgram(program, argv, { ...options, under: ['/bin/sh', '-c', line, 'sh'] })

/** Runs the program under strace(1) and gives the calls that concern files, a line each. */
export const traced = (t: Test, program: string, argv: readonly string[]): readonly string[] => {
  const file = join(temporary(t), 'trace')
  const named = 'open,openat,openat2,creat,rename,unlink,truncate,mkdir,flock,set_mempolicy'
  const under = [
    'strace',
    '-f',
    // The kernel stops the program at these calls alone, which takes a third of the time.
    '--seccomp-bpf',
    '-qq',
    '-s',
    '4096',
    '-e',
    `trace=/^(${named.replaceAll(',', '|')})$`,
    '-o',
    file,
  ]
  const { status, stderr } = spawnProgram(program, argv, { under })
  if (status === 127) throw new Error('strace is missing: install the package strace')
  if (/ptrace|attach/.test(stderr)) throw new Error(`strace cannot trace here: ${stderr}`)
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.replace(/^\d+ +/, ''))
}

export const calls = (trace: readonly string[], pattern: RegExp): readonly string[] =>
  trace.filter((line) => pattern.test(line))

/** A pool to plan with: empty and known in full, but for what is given. */
export const poolOf = (size: bigint, counters: Partial<Pool> = {}): Pool => ({
  size,
  isDefault: false,
  total: 0n,
  free: 0n,
  surplus: 0n,
  reserved: 0n,
  overcommit: 0n,
  nodes: [],
  settled: true,
  ...counters,
})

export const nodeOf = (id: number, total: bigint, available = total): MemoryNode => ({
  id,
  hasMemory: total > 0n,
  memory: { total, available },
})

/** A machine whose memory is that of its nodes. */
export const machineOf = (pools: readonly Pool[], nodes: readonly MemoryNode[]): Machine => {
  const sum = (key: 'total' | 'available') =>
    nodes.reduce((bytes, { memory }) => bytes + (memory?.[key] ?? 0n), 0n)
  const memory = { total: sum('total'), available: sum('available') }
  return { pools, nodes, memory, largestBlock: 4n * 1024n ** 2n }
}
