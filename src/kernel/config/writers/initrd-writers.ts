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

/** Reads the scripts that initramfs-tools(7) and modules of dracut.modules(7) run in the initrd. */
const scripts = ({ list, readAll }: WriterReader): readonly WriterText[] => [
  ...readAll(ownScripts),
  ...list(ownScripts).flatMap((name) => readAll(`${ownScripts}/${name}`)),
  ...list(dracutModules).flatMap((name) => readAll(`${dracutModules}/${name}`, /\.sh$/)),
]

/** Reads the files that list which files of the machine are copied into the initrd. */
const lists = ({ read, readAll }: WriterReader): readonly WriterText[] => [
  ...readAll(`${initramfsTools}/hooks`),
  ...read('/etc/dracut.conf'),
  ...readAll('/etc/dracut.conf.d', /\.conf$/),
  ...readAll('/usr/lib/dracut/dracut.conf.d', /\.conf$/),
]

/** Returns the files that a path names. It may be a pattern, or the directory sysctl.d. */
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

/** Finds what is set by files of the machine that are copied into the initrd. */
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
 * Finds what is set in the initrd, by its own scripts and by copies of files of the machine. The
 * files from which the initrd was made are read, not the image, which may have older ones.
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
