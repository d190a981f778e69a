import { foundIn, foundSysctls, sysctlFile } from '../../../model/config/writers/found-writers.ts'
import { isSysctlFile, pathsOfInitrd } from '../../../model/config/writers/initrd-files.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { scriptLines } from '../../../model/config/writers/writer-lines.ts'
import { globMatches } from '../../../model/words/glob.ts'
import { sysctlPaths } from '../../etc/fragment-files.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader, WriterText } from './writer-texts.ts'

const initramfsTools = '/etc/initramfs-tools'
const ownScripts = `${initramfsTools}/scripts`
const dracutModules = '/usr/lib/dracut/modules.d'

/** The scripts that initramfs-tools(7) and modules of dracut.modules(7) run in the initrd. */
const scripts = ({ list, readAll }: WriterReader): readonly WriterText[] => [
  ...readAll(ownScripts),
  ...list(ownScripts).flatMap((name) => readAll(`${ownScripts}/${name}`)),
  ...list(dracutModules).flatMap((name) => readAll(`${dracutModules}/${name}`, /\.sh$/)),
]

/** The texts that say which files of the machine the initrd gets. */
const lists = ({ read, readAll }: WriterReader): readonly WriterText[] => [
  ...readAll(`${initramfsTools}/hooks`),
  ...read('/etc/dracut.conf'),
  ...readAll('/etc/dracut.conf.d', /\.conf$/),
  ...readAll('/usr/lib/dracut/dracut.conf.d', /\.conf$/),
]

/** The files that a path stands for, which may be a pattern, or the directory of sysctl.d. */
const filesAt = (path: string, { list }: WriterReader): readonly string[] => {
  const [, directory, name] = /^(.*)\/([^/]+)/.exec(path) ?? []
  if (directory === undefined || name === undefined) return []
  if (name === 'sysctl.d')
    return list(`${directory}/${name}`).map((each) => `${directory}/${name}/${each}`)
  return list(directory)
    .filter((each) => globMatches(name, each))
    .map((each) => `${directory}/${each}`)
}

/** Whether dracut puts the files of sysctl.d into the initrd by a module of its own. */
const takesSysctls = ({ list }: WriterReader): boolean =>
  list(dracutModules).some((name) => /^\d+systemd-sysctl$/.test(name))

/** What files of the machine set of which the initrd has a copy, most likely the same. */
const copies = (tree: Tree, reader: WriterReader, facts: WritableFacts): readonly FoundWriter[] => {
  const named = lists(reader).flatMap(({ text }) => pathsOfInitrd(text))
  const listed = named.flatMap((path) => filesAt(path, reader))
  const own = takesSysctls(reader)
    ? sysctlPaths(tree, (_, directory) => reader.list(directory))
    : []
  const origin = { source: 'initrd-copy', when: 'before' } as const
  const paths = [...new Set([...own, ...listed])]
  const sysctls = paths.filter(isSysctlFile).flatMap(reader.read).map(sysctlFile)
  const programs = paths.filter((path) => !isSysctlFile(path)).flatMap(reader.read)
  return [
    ...foundSysctls(origin, sysctls, facts),
    ...programs
      .filter(({ text }) => text.startsWith('#!'))
      .flatMap(({ file, text }) => foundIn({ ...origin, file }, scriptLines(text), facts)),
  ]
}

/**
 * What is set in the initrd, as far as the files tell of which it was made: scripts of its own, and
 * copies of files of the machine. What the image has may be older.
 */
export const initrdWriters = (
  tree: Tree,
  reader: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => [
  ...copies(tree, reader, facts),
  ...scripts(reader).flatMap(({ file, text }) =>
    foundIn({ source: 'initrd', file, when: 'before' }, scriptLines(text), facts),
  ),
]
