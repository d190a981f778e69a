import type { Meaning } from './errno.ts'

/** Links in a circle are what ELOOP nearly always is; a chain of more than 40 of them is, too. */
export const inCircle = 'symbolic links that lead in a circle'

/**
 * What an errno says of a path that somebody typed, whatever it is that was meant to be there. Where a
 * directory or a file was meant, only ENOENT has other words.
 */
export const pathMeanings = {
  ENOENT: { code: 'E_USAGE', reason: 'no-file', words: 'no such file or directory' },
  ENOTDIR: {
    code: 'E_USAGE',
    reason: 'no-file',
    words: 'its path leads through what is not a directory',
  },
  ELOOP: { code: 'E_USAGE', reason: 'wrong-file', words: inCircle },
} as const satisfies Readonly<Record<string, Meaning>>

/** The meanings where a file was meant. */
export const fileMeanings = {
  ...pathMeanings,
  ENOENT: { ...pathMeanings.ENOENT, words: 'no such file' },
} as const

/** The meanings where a directory was meant. */
export const directoryMeanings = {
  ...pathMeanings,
  ENOENT: { ...pathMeanings.ENOENT, words: 'no such directory' },
} as const
