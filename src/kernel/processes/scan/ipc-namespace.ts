import { namespaceOf } from '../../namespace-link.ts'

/** The IPC namespace of a process, `ipc:[4026531839]`; `?` where it cannot be seen. */
export const ipcNamespace = (directory: string): string => namespaceOf(directory, 'ipc') ?? '?'
