import { chmodSync, cpSync } from 'node:fs'
import { root, run } from './program.ts'
import { temporaryDirectory } from './trace.ts'

/** A copy of the program that everybody can read, wherever this one lies. */
export const readableCopy = (): string => {
  const directory = temporaryDirectory()
  chmodSync(directory, 0o755)
  for (const part of ['bin', 'dist', 'package.json', 'native/build/Release/hugepool.node'])
    cpSync(`${root}/${part}`, `${directory}/${part}`, { recursive: true })
  return directory
}

/** Runs such a copy without any privilege. */
export const asNobody = (directory: string, ...words: string[]) => {
  const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  return run([...nobody, process.execPath, `${directory}/bin/hugepool.js`, ...words], directory)
}
