import { lstatSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'
import { hexDevice } from '../../src/kernel/processes/scan/huge-devices.ts'
import type { AccountPorts } from '../../src/operations/processes/account-for-pages.ts'
import { caught, type Result } from './caught.ts'
import { type FakeKernel, fakeKernel } from './fake-kernel/fake-kernel.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from './fake-native.ts'
import { lines } from './on-fake.ts'
import { temporary } from './run.ts'
import { M } from './sizes.ts'

/** Major and minor number of a device as mountinfo shows them. */
const decimalDevice = (device: bigint): string =>
  hexDevice(device)
    .split(':')
    .map((part) => Number.parseInt(part, 16))
    .join(':')

/** What a test gives to the program beside its words. */
interface Around {
  readonly native?: Partial<Native>
  /** What is typed when it asks; undefined where nobody sits at a terminal. */
  readonly answer?: string
  readonly watchSignals?: () => { pending(): 'SIGINT' | undefined; end(): void }
}

export interface HugeDirectory {
  readonly top: string
  /** The directory of the processes. */
  readonly proc: string
  /** The device of the files, as /proc/PID/maps shows it. */
  readonly device: string
  readonly kernel: FakeKernel
  /** The questions that were asked. */
  readonly questions: string[]
  /** What an operation stands on here. */
  readonly ports: AccountPorts
  readonly run: (line: string, around?: Around) => Promise<Result>
}

/** Calls of the kernel by which nobody else has a file open, in a directory of any file system. */
const nobodyElse: Partial<Native> = {
  flock: () => {},
  setLease: () => {},
  getLease: () => 1,
  memfd: () => {
    throw systemError('EINVAL', 'memfd_create')
  },
  rename: (directory, from, to) => {
    const at = `/proc/self/fd/${directory}`
    if (lstatSync(`${at}/${to}`, { throwIfNoEntry: false }))
      throw systemError('EEXIST', 'renameat2')
    renameSync(`${at}/${from}`, `${at}/${to}`)
  },
}

/**
 * A directory with files that the mount table of a fake kernel calls a hugetlbfs. The pools are
 * those of the fake, and there are no processes.
 */
export const hugeDirectory = (t: Test, names: readonly string[]): HugeDirectory => {
  const top = temporary(t)
  for (const name of names) {
    mkdirSync(dirname(join(top, name)), { recursive: true })
    writeFileSync(join(top, name), `data of ${name}`)
  }
  const device = statSync(top, { bigint: true }).dev
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 64n * M }],
    pools: [{ size: 2n * M, persistent: { 0: 8n } }],
  })
  kernel.extra.set(
    '/proc/self/mountinfo',
    lines(`99 28 ${decimalDevice(device)} / ${top} rw - hugetlbfs none rw,pagesize=2M`),
  )
  const proc = join(temporary(t), 'proc')
  mkdirSync(proc)
  // Who may change no pool is told nothing of the real lock files, which root alone can open.
  const checkWritable = () => {
    throw systemError('EACCES', 'open')
  }
  const tree: FakeKernel = Object.create(kernel, {
    root: { value: '' },
    proc: { value: proc },
    checkWritable: { value: checkWritable },
  })
  const questions: string[] = []
  const run = (line: string, { native = {}, answer, watchSignals }: Around = {}) =>
    caught(
      line.split(' '),
      {
        outIsTerminal: false,
        errIsTerminal: false,
        environment: {},
        ...(answer !== undefined && {
          ask: (question: string) => {
            questions.push(question)
            return answer
          },
        }),
      },
      {
        tree,
        native: nativeWith({ ...nobodyElse, ...native }),
        watchSignals: watchSignals ?? (() => ({ pending: () => undefined, end: () => {} })),
      },
    )
  const ports = { tree, native: () => nativeWith(nobodyElse) }
  return { top, proc, device: hexDevice(device), kernel, questions, ports, run }
}
