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

/** The program of this unit is no script: it sets pools from a file of its own. */
const nitroWriters = (unit: string, { read }: WriterReader, facts: WritableFacts) => {
  const origin = { source: 'nitro-enclaves', when: 'after' } as const
  const found = read(nitroFile).flatMap(({ file, text }) =>
    foundIn({ ...origin, file }, nitroLines(text), facts),
  )
  return found.length > 0 ? found : [{ ...origin, file: unit, value: nitroUnit }]
}

/** Units of recipes, whatever their programs are: hugepages-allocation-2048kB-NUMA0.service. */
const isNamedSo = (name: string): boolean => /^huge(?:pages|tlb)-/.test(name)

/** The services of a machine, each by the file that counts. */
const services = (tree: Tree, { list }: WriterReader): readonly (readonly [string, string])[] => {
  const paths = new Map<string, string>()
  for (const directory of unitDirectories)
    for (const name of list(directory))
      if (name.endsWith('.service') && name !== serviceUnit && !paths.has(name))
        paths.set(name, `${directory}/${name}`)
  return [...paths].filter(([, path]) => !masksUnit(tree, path))
}

/** Whether something starts a unit: an instance of a template is wanted by its own name. */
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
