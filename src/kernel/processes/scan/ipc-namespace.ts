import { namespaceOf } from '../../namespace-link.ts'

/** Reads the IPC namespace of a process, as `ipc:[4026531839]`; `?` where it cannot be seen. */
export const ipcNamespace = (directory: string): string => namespaceOf(directory, 'ipc') ?? '?'
