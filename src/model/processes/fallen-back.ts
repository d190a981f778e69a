import type { Bytes } from '../words/bytes.ts'
import type { LargeProgram } from './large-program.ts'

/** How a process asks for huge pages, and the memory that it has without them. */
export interface FallenBack {
  readonly asked: string
  readonly bytes: Bytes
}

/** Memory of less would not have been worth huge pages. */
const least: Bytes = 256n * 1024n ** 2n

/**
 * The last value that PostgreSQL is given for a setting: words of its command line win over the files
 * (postgres(1)), in which the equals sign and quotes may be left out. Undefined where the files are not
 * seen.
 */
const postgresSetting = ({ words, settings }: LargeProgram, name: string, usual: string) => {
  const typed = words.findLast(
    (word) => word.startsWith(`${name}=`) || word.startsWith(`--${name}=`),
  )
  if (typed !== undefined) return typed.slice(typed.indexOf('=') + 1)
  if (settings === undefined) return undefined
  const lines = [...settings.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]*=?[ \\t]*'?(\\w+)`, 'gim'))]
  return lines.at(-1)?.[1] ?? usual
}

/** Its shared memory is one area, with huge pages for all of it or for nothing. */
const postgres = (program: LargeProgram): FallenBack | undefined => {
  const { areas } = program
  const setting = postgresSetting(program, 'huge_pages', 'try')
  if (areas === undefined || setting !== 'try') return undefined
  const bytes = areas.largestShared
  return areas.huge === 0n && bytes >= least ? { asked: 'huge_pages=try', bytes } : undefined
}

const javaWord = '-XX:+UseLargePages'

/** The heap is its largest area. A code cache on huge pages is smaller. */
const java = ({ words, areas }: LargeProgram): FallenBack | undefined => {
  const isAsked = words.includes(javaWord) && !words.includes('-XX:+UseTransparentHugePages')
  if (areas === undefined || !isAsked) return undefined
  const bytes = areas.largestPrivate
  return bytes >= least && bytes > areas.huge ? { asked: javaWord, bytes } : undefined
}

const mysqlWord = /^--large[-_]pages(?:=(?:1|on|true))?$/i

const mysql = ({ words, areas }: LargeProgram): FallenBack | undefined => {
  const asked = words.find((word) => mysqlWord.test(word))
  if (areas === undefined || asked === undefined) return undefined
  const bytes = areas.largestPrivate
  return bytes >= least && bytes > areas.huge ? { asked, bytes } : undefined
}

/** The programs that go on without huge pages where they get none, by the names of their processes. */
const judges: Readonly<Record<string, (program: LargeProgram) => FallenBack | undefined>> = {
  postgres,
  postmaster: postgres,
  java,
  mysqld: mysql,
  mariadbd: mysql,
}

export const knownPrograms: ReadonlySet<string> = new Set(Object.keys(judges))

/** Whether a process asked for huge pages and has its memory in base pages. */
export const fellBack = (program: LargeProgram): FallenBack | undefined =>
  judges[program.command]?.(program)
