import { readdirSync, readFileSync } from 'node:fs'

/** The processes below a /proc, by number. */
export const processIds = (proc: string): readonly string[] =>
  readdirSync(proc)
    .filter((name) => /^[1-9]\d*$/.test(name))
    .sort((a, b) => Number(a) - Number(b))

/** What a process is called, `?` where it is gone. Anybody may read it. */
export const commandOf = (proc: string, process: string): string => {
  try {
    return readFileSync(`${proc}/${process}/comm`, 'utf8').replace(/\n$/, '')
  } catch {
    return '?'
  }
}
