import type { Meaning } from '../kernel/errno.ts'

/**
 * Tells the meaning of EINVAL from set_mempolicy(2) and sched_setaffinity(2): the cpuset of this
 * process allows none of the nodes or CPUs asked for (do_set_mempolicy in mm/mempolicy.c,
 * __sched_setaffinity in kernel/sched).
 */
export const cpusetRefusal = (what: 'nodes' | 'CPUs'): Meaning => ({
  code: 'E_UNSUPPORTED',
  reason: 'cpuset',
  words: `the kernel does not let this process use these ${what} (EINVAL): is it in a cpuset?`,
})
