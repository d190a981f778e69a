import { closeSync } from 'node:fs'

/**
 * Closes a file or directory to which nothing was written through the descriptor. Linux closes it whatever
 * close(2) answers, and a failure takes nothing back of what was done before.
 */
export const release = (descriptor: number): void => {
  try {
    closeSync(descriptor)
  } catch {}
}
