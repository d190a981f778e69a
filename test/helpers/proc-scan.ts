import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'
import { newScan } from '../../src/kernel/processes/scan/new-scan.ts'
import type { Scan } from '../../src/kernel/processes/scan/scan-state.ts'
import { type FakeKernel, fakeKernel } from './fake-kernel/fake-kernel.ts'
import { lines } from './on-fake.ts'
import { temporary } from './run.ts'
import { G, M } from './sizes.ts'

/** What stands in a directory: texts, and links by what they lead to. */
interface Entries {
  readonly texts?: Readonly<Record<string, string>>
  readonly links?: Readonly<Record<string, string>>
}

/** Puts entries into a directory; folders that are missing are made. */
export const fill = (directory: string, { texts = {}, links = {} }: Entries): void => {
  const at = (name: string): string => {
    const path = join(directory, name)
    mkdirSync(dirname(path), { recursive: true })
    return path
  }
  for (const [name, text] of Object.entries(texts)) writeFileSync(at(name), text)
  for (const [name, target] of Object.entries(links)) symlinkSync(target, at(name))
}

export interface ProcScan {
  readonly scan: Scan
  /** The directory of the processes, which is empty at first. */
  readonly proc: string
  readonly kernel: FakeKernel
  /** Puts entries into the directory of a process, whose name is `zoo`. */
  readonly process: (pid: number | string, entries?: Entries) => string
}

/**
 * A scan of a machine with pools of 2M and 1G that counts as the running one: its processes are in a
 * directory of the test.
 */
export const procScan = (t: Test, native?: Native): ProcScan => {
  const proc = join(temporary(t), 'proc')
  mkdirSync(proc)
  const kernel = fakeKernel({ pools: [{ size: 2n * M }, { size: G }] })
  const tree: FakeKernel = Object.create(kernel, { root: { value: '/' }, proc: { value: proc } })
  const process = (pid: number | string, entries: Entries = {}): string => {
    const directory = join(proc, `${pid}`)
    fill(directory, { texts: { status: lines('Name:\tzoo') } })
    fill(directory, entries)
    return directory
  }
  return { scan: newScan(tree, native), proc, kernel, process }
}
