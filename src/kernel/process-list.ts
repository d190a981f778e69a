import { readdirSync, readFileSync } from 'node:fs'
import { asOctets } from '../model/etc/octets.ts'
import { processName } from '../model/processes/process-name.ts'

/** The processes among the names in a /proc, by number. */
export const processesAmong = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /^[1-9]\d*$/.test(name)).sort((a, b) => Number(a) - Number(b))

/** The processes below a /proc, by number. */
export const processIds = (proc: string): readonly string[] => processesAmong(readdirSync(proc))

/** What a process is called, `?` where it is gone. Anybody may read it. */
export const readProcessName = (proc: string, process: string): string => {
  try {
    const comm = readFileSync(`${proc}/${process}/comm`, 'latin1')
    return processName(asOctets(comm.replace(/\n$/, '')))
  } catch {
    return '?'
  }
}
