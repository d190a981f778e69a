import { serviceUnit } from '../../../model/config/service/service-kind.ts'
import { foundIn } from '../../../model/config/writers/found-writers.ts'
import { orderAgainst } from '../../../model/config/writers/unit-order.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import {
  execLines,
  execPrograms,
  nitroLines,
  scriptLines,
} from '../../../model/config/writers/writer-lines.ts'
import { unitDirectories } from '../../../model/mounts/persist/systemd-unit.ts'
import { isUnitWanted, masksUnit } from '../../etc/unit-files.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader, WriterText } from './writer-texts.ts'

const nitroUnit = 'nitro-enclaves-allocator.service'
const nitroFile = '/etc/nitro_enclaves/allocator.yaml'

/** Finds what the program of this unit sets. It is no script, but reads a file of its own. */
const nitroWriters = (unit: string, { read }: WriterReader, facts: WritableFacts) => {
  const origin = { source: 'nitro-enclaves', when: 'after' } as const
  const found = read(nitroFile).flatMap(({ file, text }) =>
    foundIn({ ...origin, file }, nitroLines(text), facts),
  )
  return found.length > 0 ? found : [{ ...origin, file: unit, value: nitroUnit }]
}

/**
 * Whether a unit has a name as in recipes for huge pages, such as
 * hugepages-allocation-2048kB-NUMA0.service. It counts whatever its program is.
 */
const isNamedSo = (name: string): boolean => /^huge(?:pages|tlb)-/.test(name)

/** Returns the name of each service that is not masked, and the path of the file that counts. */
const services = (tree: Tree, { list }: WriterReader): readonly (readonly [string, string])[] => {
  const paths = new Map<string, string>()
  for (const directory of unitDirectories)
    for (const name of list(directory))
      if (name.endsWith('.service') && name !== serviceUnit && !paths.has(name))
        paths.set(name, `${directory}/${name}`)
  return [...paths].filter(([, path]) => !masksUnit(tree, path))
}

/** Whether something starts a unit. An instance of a template is wanted by its own name. */
const isStarted = (tree: Tree, name: string): boolean => isUnitWanted(tree, unitDirectories, name)

const inUnit = (
  { file, text }: WriterText,
  name: string,
  reader: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const when = orderAgainst(text)
  const origin =
    when === undefined ? { source: 'unit' as const } : { source: 'unit' as const, when }
  if (name === nitroUnit) return nitroWriters(file, reader, facts)
  const scripts = execPrograms(text).flatMap(reader.readScript)
  const found = [
    ...foundIn({ ...origin, file }, execLines(text), facts),
    ...scripts.flatMap((each) =>
      foundIn({ ...origin, file: each.file }, scriptLines(each.text), facts),
    ),
  ]
  return found.length === 0 && isNamedSo(name) ? [{ ...origin, file, value: name }] : found
}

/** Finds what services that are started set, by their command lines or by scripts that they run. */
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
