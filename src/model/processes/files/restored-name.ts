import { shellWord } from '../../etc/shell-word.ts'
import { inodeIn } from '../who/page-hold.ts'
import { nameBefore } from './aside-name.ts'
import type { HugeFile } from './huge-file.ts'

/** What became of a file that was left under another name, and that somebody has or that is to stay. */
export interface RestoredName {
  readonly file: HugeFile
  /** The path that it had before, as its mount namespace has it. */
  readonly to: string
  /** False where another file has that name by now, or it cannot be renamed. */
  readonly isDone: boolean
}

/** The path that a file had before it was set aside; undefined for one that was not. */
export const pathBefore = ({ path, key }: HugeFile): string | undefined => {
  const end = path.lastIndexOf('/') + 1
  const name = nameBefore(path.slice(end), inodeIn(key))
  return name === undefined ? undefined : `${path.slice(0, end)}${name}`
}

/** Says which files got their names back, and which did not. */
export const restoredWords = (restored: readonly RestoredName[]): readonly string[] =>
  restored.map(({ file, to, isDone }) => {
    const why = file.state === 'left' ? 'it stays' : 'somebody has it'
    return `${file.path} was set aside and ${why}: it ${isDone ? 'is' : 'cannot be'} ${to} again`
  })

/**
 * The lines for a shell that give files their names back. A directory that has the name by now is not
 * what they are moved into.
 */
export const restoringLines = (files: readonly HugeFile[]): readonly string[] =>
  files.flatMap((file) => {
    const to = pathBefore({ ...file, path: file.reach })
    return to === undefined ? [] : [`mv -nT -- ${shellWord(file.reach)} ${shellWord(to)}`]
  })
