import { ipcNamespace } from '../processes/scan/ipc-namespace.ts'
import { procOf, type Tree } from '../tree.ts'

/** The machine's IPC namespace, PROC_IPC_INIT_INO of include/linux/proc_ns.h. */
const machineNamespace = 'ipc:[4026531839]'

/**
 * Whether this process is in another IPC namespace than the machine's, as in most containers: shmmax,
 * shmall and shmmni are those of the namespace. False where that is not shown.
 */
export const isOwnIpcNamespace = (tree: Tree): boolean => {
  const namespace = ipcNamespace(`${procOf(tree)}/self`)
  return namespace !== '?' && namespace !== machineNamespace
}
