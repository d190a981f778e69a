/** What it means that a file below /proc/self is not there. */
export const missingProc = {
  ENOENT: {
    code: 'E_UNSUPPORTED',
    reason: 'not-shown',
    words: 'is missing',
    hint: "'mount -t proc proc /proc' shows it",
  },
} as const
