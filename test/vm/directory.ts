import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errnoOf } from '../../src/kernel/errno.ts'

const name = (run: number | string) => `hugepool-vm-${run}-`
const runOf = new RegExp(`^${name('(\\d+)')}`)

const isThere = (process_: number): boolean => {
  try {
    return process.kill(process_, 0)
  } catch (error) {
    // It may be somebody else's.
    return errnoOf(error) !== 'ESRCH'
  }
}

const discard = (path: string): void => {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // It is somebody else's.
  }
}

/** A directory for the files of this run. Those of runs that were killed go: nobody else removes them. */
export const ownDirectory = (parent = tmpdir()): string => {
  for (const entry of readdirSync(parent)) {
    const run = runOf.exec(entry)?.[1]
    if (run !== undefined && !isThere(Number(run))) discard(join(parent, entry))
  }
  return mkdtempSync(join(parent, name(process.pid)))
}
