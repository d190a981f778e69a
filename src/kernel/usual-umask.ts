import { umask } from 'node:process'

/** The umask of a system that nobody has changed. */
const usual = 0o022

/**
 * Does what makes files or starts programs under the usual umask. That of the caller may be 0, with
 * which all may write what root makes, or 0777, with which root makes what nobody can read. It must
 * not wait for anything, because the umask is that of the whole process meanwhile.
 */
export const withUsualUmask = <T>(work: () => T): T => {
  const before = umask(usual)
  try {
    return work()
  } finally {
    umask(before)
  }
}
