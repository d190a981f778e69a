import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { atEnd } from './live.ts'

const top = '/sys/fs/cgroup'
const group = `${top}/hugepool-live`

/** Moves this process into a cpuset that allows these nodes only, until the test ends. */
export const confine = (nodes: readonly number[]): void => {
  writeFileSync(`${top}/cgroup.subtree_control`, '+cpuset')
  mkdirSync(group)
  writeFileSync(`${group}/cpuset.mems`, nodes.join(','))
  writeFileSync(`${group}/cgroup.procs`, `${process.pid}`)
  atEnd(() => {
    writeFileSync(`${top}/cgroup.procs`, `${process.pid}`)
    rmdirSync(group)
    writeFileSync(`${top}/cgroup.subtree_control`, '-cpuset')
  })
}

/** The nodes that the kernel lets this process allocate on, as it prints them. */
export const allowedNow = (): string =>
  /^Mems_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
