import { ipcNamespace } from '../processes/scan/ipc-namespace.ts'
import { procOf, type Tree } from '../tree.ts'

/** The machine's IPC namespace, PROC_IPC_INIT_INO of include/linux/proc_ns.h. */
const machineNamespace = 'ipc:[4026531839]'

/**
 * Whether this process is in another IPC namespace than the machine's, as in most containers. Each
 * namespace has its own shmmax, shmall and shmmni. False where the kernel does not show it.
 */
export const isOwnIpcNamespace = (tree: Tree): boolean => {
  const namespace = ipcNamespace(`${procOf(tree)}/self`)
  return namespace !== '?' && namespace !== machineNamespace
}
