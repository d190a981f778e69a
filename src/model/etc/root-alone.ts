import { octalMode } from './octal-mode.ts'
import { shellWord } from './shell-word.ts'

/** What is at a path, and what decides who can change it. */
export interface OwnedEntry {
  readonly path: string
  readonly kind: 'directory' | 'file' | 'link' | 'device'
  readonly uid: number
  /** The bits of the mode below 010000. */
  readonly mode: number
}

/** Why others than root can change what a path leads to. */
export interface StrangersPart {
  readonly path: string
  readonly words: string
  /** The command that mends it, once its content was looked at. */
  readonly mend: string
}

/** The bits by which others than the owner may write, and the one that keeps names for owners. */
const othersMayWrite = 0o022
const sticky = 0o1000

interface OwnerRule {
  /** The bits of a mode that let others write. A link has no mode of its own. */
  readonly writable: (mode: number) => number
  readonly chown: string
}

const byMode = (mode: number): number => mode & othersMayWrite

/**
 * In a sticky directory nobody but its owner and the owner of a name can take the name away, so what
 * root has there stays root's, as fs.protected_symlinks has it. Devices are for everybody.
 */
const rules: Readonly<Record<OwnedEntry['kind'], OwnerRule>> = {
  directory: {
    writable: (mode) => ((mode & sticky) === 0 ? byMode(mode) : 0),
    chown: 'chown root:',
  },
  file: { writable: byMode, chown: 'chown root:' },
  link: { writable: () => 0, chown: 'chown -h root:' },
  device: { writable: () => 0, chown: 'chown root:' },
}

/**
 * Finds on the way to a file, which begins at `/`, the first part that belongs to another user than
 * root or that others can write to. Everything before it is root's alone, so nobody else can change
 * what was seen there. Access lists show in the bits of the group (acl(5)).
 */
export const strangersPart = (
  way: readonly OwnedEntry[],
  isRoot: (uid: number) => boolean,
): StrangersPart | undefined => {
  for (const { path, kind, uid, mode } of way) {
    const { writable, chown } = rules[kind]
    const word = shellWord(path)
    if (!isRoot(uid)) return { path, words: `belongs to user ${uid}`, mend: `${chown} ${word}` }
    if (writable(mode) === 0) continue
    const words = `can be written by others, with the mode ${octalMode(mode)}`
    return { path, words, mend: `chmod go-w ${word}` }
  }
  return undefined
}

/** Says of a file why it is not trusted. The reason may be a directory on the way to it. */
export const strangersWords = (file: string, { path, words }: StrangersPart): string =>
  path === file ? `it ${words}` : `${path} ${words}`
