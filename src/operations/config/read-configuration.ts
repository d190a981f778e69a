import { type HugepoolError, throwAll, unsupported } from '../../errors.ts'
import { findConfigFiles, mainFile } from '../../kernel/config/config-files.ts'
import {
  readConfigOctets,
  readStandardInput,
  standardInputName,
} from '../../kernel/config/config-octets.ts'
import { machineFacts } from '../../kernel/config/machine-facts.ts'
import { absolutePath } from '../../kernel/mounts/mount-point.ts'
import { configError, pathText, positionText } from '../../model/config/config-fault.ts'
import { type ConfigFile, judgeFile } from '../../model/config/config-file.ts'
import type { Configuration, SkippedFile } from '../../model/config/configuration.ts'
import { mergeFiles } from '../../model/config/merge-files.ts'
import { type MachineFacts, unmetBy } from '../../model/config/when.ts'
import { type Octets, octets } from '../../model/etc/octets.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'

/**
 * Where a configuration comes from. A file that is named holds for this machine; `-` is standard
 * input.
 */
export type ConfigSource =
  | { readonly from: 'machine' }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'text'; readonly text: string; readonly name: string }

interface Found {
  readonly found: readonly { readonly path: string; readonly octets: Octets }[]
  readonly skipped: readonly SkippedFile[]
}

const find = ({ tree }: Pick<Ports, 'tree'>, source: ConfigSource): Found => {
  if (source.from === 'machine') return findConfigFiles(tree)
  const only = (path: string, text: Octets): Found => ({
    found: [{ path, octets: text }],
    skipped: [],
  })
  if (source.from === 'text') return only(source.name, octets(source.text))
  const { path } = source
  return path === '-'
    ? only(standardInputName, readStandardInput())
    : only(path, readConfigOctets(absolutePath(path), path))
}

/**
 * Finds conditions in the main file. It is for the one machine on which it lies, so they are a
 * mistake.
 */
const mainConditions = ({ file, tables, positionOf }: ConfigFile): readonly HugepoolError[] =>
  file === mainFile && tables.when !== undefined
    ? [
        configError(
          positionOf(['when']),
          'stands in drop-ins alone',
          'move it into a file of /etc/hugepool.d',
        ),
      ]
    : []

/** Reads all files. Throws everything that is wrong with any of them. */
const readFiles = ({ found }: Found): readonly ConfigFile[] => {
  const judged = found.map((each) => judgeFile(each.octets, each.path))
  const files = judged.flatMap((each) => ('read' in each ? each.read : []))
  const errors = judged.flatMap((each) => ('errors' in each ? each.errors : []))
  throwAll([...errors, ...files.flatMap(mainConditions)])
  return files
}

const merge = (files: readonly ConfigFile[], skipped: readonly SkippedFile[]): Configuration => {
  const merged = mergeFiles(files)
  if ('configuration' in merged) return { ...merged.configuration, skipped }
  throwAll(merged.errors)
  throw new Error('files that cannot be merged have errors')
}

/**
 * Says why a file does not count on this machine. Throws E_UNSUPPORTED where a fact that decides it
 * cannot be seen, because nothing is guessed here.
 */
const skippedBy = (
  { file, tables, positionOf }: ConfigFile,
  facts: MachineFacts,
): readonly SkippedFile[] => {
  const unmet = unmetBy(present(tables.when ?? {}), facts)
  if (unmet === undefined) return []
  const path = ['when', unmet.key]
  const position = positionOf(path)
  if ('unseen' in unmet) {
    const words = `${unmet.unseen} of this machine is not to be seen`
    throw unsupported('not-shown', `${positionText(position)}: ${words}`)
  }
  return [{ file, why: `${pathText(path)} in line ${position.line}: ${unmet.why}` }]
}

export interface ReadOptions {
  /** Whether all files count, whatever their conditions: then the machine is not looked at. */
  readonly anyMachine?: boolean
}

/**
 * Reads what this machine should have. Throws E_CONFIG with all that is wrong, each with file, line
 * and key, and E_PERMISSION for a file that may not be read. Files whose conditions do not hold are
 * read too, so that a mistake in them is known on every machine.
 */
export const readConfiguration = (
  { tree }: Pick<Ports, 'tree'>,
  source: ConfigSource,
  { anyMachine = false }: ReadOptions = {},
): Configuration => {
  const all = find({ tree }, source)
  const files = readFiles(all)
  if (anyMachine) return merge(files, all.skipped)
  const facts = machineFacts(tree)
  const skipped = new Map(files.map((file) => [file, skippedBy(file, facts)]))
  const counting = files.filter((file) => skipped.get(file)?.length === 0)
  return merge(counting, [...all.skipped, ...[...skipped.values()].flat()])
}
