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

/** Runs such a copy without any privilege, by other programs that start it. */
export const asNobodyUnder = (
  under: readonly string[],
  directory: string,
  ...words: readonly string[]
) => {
  const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  const line = [...under, process.execPath, `${directory}/bin/hugepool.js`, ...words]
  return run([...nobody, ...line], directory)
}

/** Runs such a copy without any privilege. */
export const asNobody = (directory: string, ...words: readonly string[]) =>
  asNobodyUnder([], directory, ...words)
