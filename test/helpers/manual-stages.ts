import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { directoryTree } from '../../src/kernel/tree.ts'
import { fstabLine } from '../../src/model/mounts/persist/fstab.ts'
import { caught, type Result } from './caught.ts'
import { copyStage, stagePage } from './copy-stage.ts'
import { type FakeKernel, type FakeKernelOptions, fakeKernel } from './fake-kernel/fake-kernel.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { type FakeMapper, fakeMapper } from './fake-mapper.ts'
import { nativeWith } from './fake-native.ts'
import { onFake } from './on-fake.ts'
import { huge, scratch } from './persist.ts'
import { treeCopy } from './run.ts'
import { G, M } from './sizes.ts'

/** Two nodes with much memory, and pools from which every example can take. */
const largeMachine: FakeKernelOptions = {
  nodes: [
    { id: 0, memory: 32n * G },
    { id: 1, memory: 32n * G },
  ],
  pools: [
    { size: 2n * M, persistent: { 0: 4200n, 1: 4200n } },
    { size: G, persistent: { 0: 4n, 1: 4n } },
  ],
}

/** One node whose pool has two pages, and may have two more. */
export const smallMachine: FakeKernelOptions = {
  nodes: [{ id: 0, memory: 4n * G }],
  pools: [{ size: 2n * M, persistent: { 0: 2n }, overcommit: 2n }],
}

/** One node whose pool has two pages and may have no more. */
export const scarceMachine: FakeKernelOptions = {
  nodes: [{ id: 0, memory: 4n * G }],
  pools: [{ size: 2n * M, persistent: { 0: 2n } }],
}

export interface KernelStage {
  readonly machine?: Partial<FakeKernelOptions>
  readonly prepare?: (kernel: FakeKernel, mapper: FakeMapper) => unknown
}

/** A process without limits. */
const unlimited = ['Max address space', 'Max data size', 'Max locked memory', 'Max file size']
  .map((name) => `${name.padEnd(26)}unlimited            unlimited            bytes\n`)
  .join('')

/** Runs a command line on a fake kernel, which may be changed before. */
export const onKernel = (
  words: readonly string[],
  { machine = {}, prepare = () => {} }: KernelStage = {},
): Promise<Result> => {
  const kernel = fakeKernel({ ...largeMachine, ...machine })
  kernel.extra.set('/proc/self/mountinfo', '')
  kernel.extra.set('/proc/self/limits', unlimited)
  const mapper = fakeMapper(kernel)
  prepare(kernel, mapper)
  return onFake(kernel, words, { mapper, clock: mapper.clock })
}

export interface MountStage {
  /** The recorded machine. */
  readonly tree?: string
  /** The hugetlbfs mounts that are there, in place of those of the recorded machine. */
  readonly mounts?: readonly string[]
  /** What umount2(2) answers. */
  readonly umount?: 'EBUSY' | 'EPERM'
  /** Whether a second line of fstab for it appears while it is unmounted. */
  readonly entries?: 'twice'
  /** Whether there are none, as below --sysroot. */
  readonly recorded?: true
}

const silent = { outIsTerminal: false, errIsTerminal: false, environment: {} }

/** The line of a mount of 2M pages on a directory. */
export const mountedOn = (target: string, options = 'pagesize=2M'): string =>
  `99 28 0:70 / ${target} rw,nosuid,nodev - hugetlbfs none rw,${options}`

/** Runs a command line on a recorded machine, in which umount2(2) takes the last mount away. */
export const onRecording = (
  t: Test,
  words: readonly string[],
  { tree = 'two-nodes', mounts, umount, entries, recorded }: MountStage = {},
): Promise<Result> => {
  const root = treeCopy(t, tree)
  mkdirSync(join(root, 'mnt'), { recursive: true })
  const table = join(root, 'proc/self/mountinfo')
  const before = existsSync(table) ? readFileSync(table, 'utf8') : ''
  const others = before.replaceAll(/.* - hugetlbfs .*\n/g, '')
  if (mounts !== undefined) writeFileSync(table, others)
  for (const line of mounts ?? []) {
    mkdirSync(join(root, line.split(' ')[4] ?? ''), { recursive: true })
    appendFileSync(table, `${line}\n`)
  }
  scratch(root, {
    '/etc/fstab': `${fstabLine(huge, false)}\n`,
    '/etc/passwd': 'dpdk:x:64055:108::/:/bin/false\n',
    '/etc/group': 'dpdk:x:108:\n',
  })
  const taken = nativeWith({
    umount: () => {
      if (umount !== undefined) throw systemError(umount, 'umount2')
      writeFileSync(table, others)
      if (entries === 'twice')
        appendFileSync(join(root, 'etc/fstab'), `${fstabLine(huge, false)}\n`)
    },
  })
  const native = recorded ? undefined : taken
  return caught(words, silent, { tree: directoryTree(root), native })
}

export interface CopyingStage extends Pick<KernelStage, 'machine'> {
  /** Whether the directory lets nobody make a file in it. */
  readonly denied?: boolean
}

/**
 * Runs a command line of `cp` between two directories that stand for /mnt/huge and /srv, with a file
 * of three pages in the one and one of a page in the other. What comes from a stream or goes to one is a dry run.
 */
export const onCopies = async (
  t: Test,
  words: readonly string[],
  { machine = {}, denied = false }: CopyingStage = {},
): Promise<Result> => {
  const stage = copyStage(t, { ...largeMachine, ...machine })
  const pages = Buffer.alloc(3 * stagePage, 1)
  writeFileSync(join(stage.plain, 'model.bin'), pages)
  if (machine.pools === undefined) stage.makeHuge('model', [pages.subarray(0, stagePage)])
  if (denied) stage.turns.linking = 'EACCES'
  const line = words.map((word) => {
    if (word.startsWith('/mnt/huge')) return word.replace('/mnt/huge', 'huge')
    return /^[a-z]+\.[a-z]+$/.test(word) ? `plain/${word}` : word
  })
  if (words.includes('-')) line.push('--dry-run')
  const result = await stage.run(line.join(' '))
  const named = (text: string): string =>
    text.replaceAll('/huge', '/mnt/huge').replaceAll('/plain', '/srv')
  return { ...result, stdout: named(result.stdout), stderr: named(result.stderr) }
}
