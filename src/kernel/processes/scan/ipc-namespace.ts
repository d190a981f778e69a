import { readlinkSync } from 'node:fs'
import { ifShown } from './quick-read.ts'

/** The IPC namespace of a process, `ipc:[4026531839]`; `?` where it cannot be seen. */
export const ipcNamespace = (directory: string): string =>
  ifShown(() => readlinkSync(`${directory}/ns/ipc`)) ?? '?'
