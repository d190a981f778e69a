import { readdirSync, statSync } from 'node:fs'
import { nameInComm, processName } from '../model/processes/process-name.ts'
import { isShortage } from './errno.ts'
import { readOctets } from './read-octets.ts'

/** Returns the process ids among the names in a /proc directory, in ascending order. */
export const processesAmong = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /^[1-9]\d*$/.test(name)).sort((a, b) => Number(a) - Number(b))

/** Reads the ids of the processes in a /proc directory, in ascending order. */
export const processIds = (proc: string): readonly string[] => processesAmong(readdirSync(proc))

/** Whether a process has this id, as far as /proc shows it. */
export const hasProcess = (proc: string, pid: number): boolean =>
  statSync(`${proc}/${pid}`, { throwIfNoEntry: false }) !== undefined

/** Reads the name of a process, or `?` where it is gone. Every user may read /proc/PID/comm. */
export const readProcessName = (proc: string, process: string): string => {
  try {
    return processName(nameInComm(readOctets(`${proc}/${process}/comm`)))
  } catch (error) {
    if (isShortage(error)) throw error
    return '?'
  }
}
