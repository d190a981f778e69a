import { serviceUnit } from '../../../model/config/service/service-kind.ts'
import { foundIn } from '../../../model/config/writers/found-writers.ts'
import { orderAgainst } from '../../../model/config/writers/unit-order.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { execLines, execPrograms, scriptLines } from '../../../model/config/writers/writer-lines.ts'
import {
  overridingDirectories,
  packagedDirectories,
  unitDirectory,
} from '../../../model/mounts/persist/systemd-unit.ts'
import { isUnitWanted, masksUnit } from '../../etc/unit-files.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader, WriterText } from './writer-texts.ts'

const directories = [...overridingDirectories, unitDirectory, ...packagedDirectories]

/** The units whose programs set pools from files of their own, which are not scripts. */
const knownUnits: Readonly<Record<string, FoundWriter['source']>> = {
  'nitro-enclaves-allocator.service': 'nitro-enclaves',
}

/** A script is smaller than a program, and begins with a word for the kernel. */
const isScript = (text: string): boolean => text.startsWith('#!')

/** The services of a machine, each by the file that counts. */
const services = (tree: Tree, { list }: WriterReader): readonly (readonly [string, string])[] => {
  const paths = new Map<string, string>()
  for (const directory of directories)
    for (const name of list(directory))
      if (name.endsWith('.service') && name !== serviceUnit && !paths.has(name))
        paths.set(name, `${directory}/${name}`)
  return [...paths].filter(([, path]) => !masksUnit(tree, path))
}

/** Whether something starts a unit: an instance of a template is wanted by its own name. */
const isStarted = (tree: Tree, name: string): boolean => isUnitWanted(tree, directories, name)

const inUnit = (
  { file, text }: WriterText,
  name: string,
  reader: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const when = orderAgainst(text)
  const origin =
    when === undefined ? { source: 'unit' as const } : { source: 'unit' as const, when }
  const known = knownUnits[name]
  if (known !== undefined) return [{ source: known, file, value: name, when: 'after' }]
  const scripts = execPrograms(text)
    .flatMap(reader.read)
    .filter((each) => isScript(each.text))
  return [
    ...foundIn({ ...origin, file }, execLines(text), facts),
    ...scripts.flatMap((each) =>
      foundIn({ ...origin, file: each.file }, scriptLines(each.text), facts),
    ),
  ]
}

/** What services that start by themselves set, by their command lines or by a script of theirs. */
export const unitWriters = (
  tree: Tree,
  reader: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] =>
  services(tree, reader).flatMap(([name, path]) =>
    reader
      .read(path)
      .map((text) => ({ text, found: inUnit(text, name, reader, facts) }))
      .flatMap(({ found }) => (found.length > 0 && isStarted(tree, name) ? found : [])),
  )
