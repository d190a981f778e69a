import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { FakeKernel } from './fake-kernel/fake-kernel.ts'
import { systemError } from './fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from './fake-native.ts'
import { temporary } from './run.ts'

/** A directory of processes with these texts of status, none of which may be looked into. */
export const procWith = (t: Test, statuses: Readonly<Record<number, string>> = {}): string => {
  const proc = join(temporary(t), 'proc')
  mkdirSync(proc)
  for (const [pid, status] of Object.entries(statuses)) {
    // What is no file cannot be read, by whomever.
    mkdirSync(join(proc, pid, 'maps'), { recursive: true })
    writeFileSync(join(proc, pid, 'fd'), '')
    writeFileSync(join(proc, pid, 'status'), status)
    writeFileSync(join(proc, pid, 'comm'), `${/^Name:\t(.*)/.exec(status)?.[1] ?? '?'}\n`)
  }
  symlinkSync(`${process.pid}`, join(proc, 'self'))
  return proc
}

/** The fake as the running kernel, with these processes. */
export const onMachine = (kernel: FakeKernel, proc: string): FakeKernel =>
  Object.create(kernel, {
    root: { value: '/' },
    proc: { value: proc },
    checkWritable: { value: () => {} },
  })

/** An addon for a kernel where memfd_create(2) is refused. */
export const withoutMemfd = nativeWith({
  memfd: () => {
    throw systemError('EPERM', 'memfd_create')
  },
})
