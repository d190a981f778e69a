import { listIfPresent } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'
import { isThere } from './etc-files.ts'

/** The directories that hold drop-ins of programs of systemd, those that take precedence first. */
const above = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib']

/**
 * Returns the paths of drop-ins such as those of `sysctl.d` in the order in which they are applied,
 * which is by name. Of files with one name only the first counts (conf_files_list in
 * src/basic/conf-files.c of systemd).
 */
export const fragmentPaths = (
  tree: Tree,
  directory: 'sysctl.d' | 'tmpfiles.d',
  list: (tree: Tree, path: string) => readonly string[] = listIfPresent,
): readonly string[] => {
  const paths = new Map<string, string>()
  for (const each of above)
    for (const name of list(tree, `${each}/${directory}`))
      if (name.endsWith('.conf') && !paths.has(name))
        paths.set(name, `${each}/${directory}/${name}`)
  return [...paths.keys()].sort().map((name) => paths.get(name) ?? '')
}

/**
 * Returns the files that set sysctls at a start, in their order. systemd reads /etc/sysctl.conf
 * only where a link of sysctl.d leads to it; sysctl(8) of other systems reads it last.
 */
export const sysctlPaths = (
  tree: Tree,
  list?: (tree: Tree, path: string) => readonly string[],
): readonly string[] => [
  ...fragmentPaths(tree, 'sysctl.d', list),
  ...(isThere(tree, '/etc/systemd/system') ? [] : ['/etc/sysctl.conf']),
]
