/**
 * What is said to a user who lacks a privilege. Where the process is root already, or root would
 * not help, `hintsThatFit` puts other words in the place of these.
 */
export const rootHint = 'run it as root'

/** The hint for a read-only /sys or /proc/sys. */
export const containerHint =
  'this looks like a container: run hugepool on the host, or mount /sys and /proc/sys writable'

export const mountRootHint = `mounting hugetlbfs needs CAP_SYS_ADMIN outside of any user namespace: ${rootHint}`

export const unmountRootHint = `unmounting needs CAP_SYS_ADMIN: ${rootHint}`

/** The hint for files of the administrator, which can be immutable. */
export const etcRootHint = `${rootHint}; if root may not either, see lsattr(1)`

/** Whether a hint depends on what the process may do. */
export const asksForRoot = (hint: string): boolean =>
  hint.includes(rootHint) || hint.includes(containerHint)
