/**
 * Why /proc leaves out processes: it is mounted with hidepid, this process is in a PID namespace of
 * its own, or it is not mounted at all.
 */
export type HiddenBy = 'users' | 'namespace' | 'unmounted'

/** Names the processes that are left out, within a sentence. */
export const hiddenProcessesWords: Readonly<Record<HiddenBy, string>> = {
  users: 'processes of other users, which /proc hides (hidepid)',
  namespace: 'processes outside this PID namespace, which /proc does not show',
  unmounted: 'processes, of which none is seen without /proc',
}

/** Names one of the processes that are left out, within a sentence about who may have pages. */
export const hiddenProcessWords: Readonly<Record<HiddenBy, string>> = {
  users: 'a process that /proc hides',
  namespace: 'a process outside this PID namespace, which /proc does not show',
  unmounted: 'any process, of which none is seen without /proc',
}
