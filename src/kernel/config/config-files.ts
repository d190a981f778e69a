import { lstatSync, readdirSync, statSync } from 'node:fs'
import type { SkippedFile } from '../../model/config/configuration.ts'
import type { Octets } from '../../model/etc/octets.ts'
import { ifThere } from '../etc/if-there.ts'
import { belowRoot, pathOnMachine } from '../root-path.ts'
import type { Tree } from '../tree.ts'
import { checkRootAlone } from '../trusted-path.ts'
import { explainConfig, readConfigOctets, wrongFile } from './config-octets.ts'

/** The file of the administrator, which is read first. */
export const mainFile = '/etc/hugepool.toml'

/** The directories of drop-ins. A file hides those of its name in later directories. */
export const dropInDirectories = [
  '/etc/hugepool.d',
  '/run/hugepool.d',
  '/usr/local/lib/hugepool.d',
  '/usr/lib/hugepool.d',
] as const

const nullDevice = '/dev/null'

/** A file of the configuration, and what is in it. */
export interface FoundConfig {
  readonly path: string
  readonly octets: Octets
}

/** The files of a machine in the order in which they are merged, and those that do not count. */
export interface FoundFiles {
  readonly found: readonly FoundConfig[]
  readonly skipped: readonly SkippedFile[]
}

/** Whether there is something of this name, even a link that leads nowhere. */
const isEntry = ({ root }: Tree, path: string): boolean =>
  ifThere(() => lstatSync(belowRoot(root, path, true))) !== undefined

/**
 * Whether a file is a drop-in. Names with a dot in front are left by editors and package managers.
 */
const isDropIn = (name: string): boolean => name.endsWith('.toml') && !name.startsWith('.')

/** Meanings of errors for names that were seen in a directory a moment ago. */
const ofNames = {
  ENOENT: wrongFile('a symbolic link that leads nowhere'),
  ENOTDIR: wrongFile('a symbolic link that leads nowhere'),
}

const dropInsIn = (tree: Tree, directory: string): readonly string[] => {
  try {
    if (!isEntry(tree, directory)) return []
    return readdirSync(belowRoot(tree.root, directory)).filter(isDropIn)
  } catch (error) {
    throw explainConfig(error, directory, { ...ofNames, ENOTDIR: wrongFile('is not a directory') })
  }
}

/** Says why a file only hides others of its name; undefined where it is to be read. */
const switchedOff = ({ root }: Tree, path: string): string | undefined => {
  if (pathOnMachine(root, path) === nullDevice) return `is a link to ${nullDevice}`
  const stat = ifThere(() => statSync(belowRoot(root, path)))
  return stat?.isFile() && stat.size === 0 ? 'is empty' : undefined
}

const lookAt = (tree: Tree, path: string): FoundConfig | SkippedFile => {
  try {
    checkRootAlone(tree, path)
    const why = switchedOff(tree, path)
    if (why !== undefined) return { file: path, why }
    return { path, octets: readConfigOctets(belowRoot(tree.root, path), path, ofNames) }
  } catch (error) {
    throw explainConfig(error, path, ofNames)
  }
}

/** Returns the paths of drop-ins by their names. Of those with one name the first counts. */
const dropIns = (tree: Tree): ReadonlyMap<string, readonly string[]> => {
  const paths = new Map<string, readonly string[]>()
  for (const directory of dropInDirectories)
    for (const name of dropInsIn(tree, directory))
      paths.set(name, [...(paths.get(name) ?? []), `${directory}/${name}`])
  return paths
}

const mainIsThere = (tree: Tree): boolean => {
  try {
    return isEntry(tree, mainFile)
  } catch (error) {
    throw explainConfig(error, mainFile)
  }
}

/**
 * Finds and reads the files of a machine. The names of all directories are sorted together, as
 * systemd does it. Throws E_CONFIG and E_PERMISSION for a file that cannot be read, and E_REFUSED
 * for one that others than root can change.
 */
export const findConfigFiles = (tree: Tree): FoundFiles => {
  const named = dropIns(tree)
  const sorted = [...named.keys()].sort().map((name) => named.get(name) ?? [])
  const paths = [...(mainIsThere(tree) ? [mainFile] : []), ...sorted.map(([first = '']) => first)]
  const looks = paths.map((path) => lookAt(tree, path))
  const hidden = sorted.flatMap(([first, ...others]) =>
    others.map((file) => ({ file, why: `is hidden by ${first}` })),
  )
  return {
    found: looks.flatMap((look) => ('octets' in look ? look : [])),
    skipped: [...looks.flatMap((look) => ('why' in look ? look : [])), ...hidden],
  }
}
