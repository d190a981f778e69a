import { statSync } from 'node:fs'
import { readIfReadable } from '../read-attribute.ts'
import { belowRoot } from '../root-path.ts'
import { isLive, type Tree } from '../tree.ts'
import { sharesNamespace } from './read-namespace.ts'
import { ifShown } from './scan/quick-read.ts'

/** No configuration has as many bytes. */
const longest = 1024 * 1024

const textAt = (tree: Tree, path: string): string | undefined => {
  const size = ifShown(() => statSync(belowRoot(tree.root, path)).size)
  return size === undefined || size > longest ? undefined : readIfReadable(tree, path)
}

/** Tells whether the paths of a process mean the same files here. */
const seesSameFiles = (tree: Tree, pid: string): boolean =>
  !isLive(tree) || sharesNamespace(tree, pid, 'mnt')

/**
 * The files of settings of a PostgreSQL by the words of its command line: the one that is named or the
 * usual one in its data directory, and that of ALTER SYSTEM, which wins (postgres(1)).
 */
const pathsIn = (words: readonly string[]): readonly string[] => {
  const named = words.find((word) => /^(?:--)?config_file=/.test(word))
  const directory = words.includes('-D') ? words[words.indexOf('-D') + 1] : undefined
  const file = named === undefined ? undefined : named.slice(named.indexOf('=') + 1)
  const inData = (name: string) => (directory === undefined ? [] : [`${directory}/${name}`])
  return [
    ...(file === undefined ? inData('postgresql.conf') : [file]),
    ...inData('postgresql.auto.conf'),
  ]
}

/** The texts of the settings of a PostgreSQL, joined; undefined where the first file is not seen. */
export const readPostgresSettings = (
  tree: Tree,
  pid: string,
  words: readonly string[],
): string | undefined => {
  const [first, ...more] = pathsIn(words).filter((path) => path.startsWith('/'))
  if (first === undefined || !seesSameFiles(tree, pid)) return undefined
  const text = textAt(tree, first)
  return text && [text, ...more.flatMap((path) => textAt(tree, path) ?? [])].join('\n')
}
