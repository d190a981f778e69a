import { foundOr } from '../../errors.ts'
import { type MountTable, readMountTable } from '../../kernel/mounts/hugetlbfs-mounts.ts'
import { readMachine } from '../../kernel/pools/read-machine.ts'
import { readShmGroup } from '../../kernel/processes/shm-group.ts'
import type { Tree } from '../../kernel/tree.ts'
import { exportMachine, exportText } from '../../model/config/machine-export.ts'
import { parseToml, type TomlTable } from '../../model/config/toml-text.ts'
import { present } from '../../model/words/present.ts'
import type { Ports } from '../ports.ts'

/** A file that describes a machine, and what it does not say. */
export interface ExportedFile {
  readonly text: string
  /** The tables of the file. */
  readonly tables: TomlTable
  readonly leftOut: readonly string[]
  readonly unread: readonly string[]
}

const noTable: MountTable = { mounts: [], unknown: [] }

/** Reads the mounts, or says why they are not known. The pools are described nevertheless. */
const readTable = (
  tree: Tree,
): { readonly table: MountTable; readonly unread: readonly string[] } =>
  foundOr(
    () => ({ table: readMountTable(tree), unread: [] }),
    ({ message }) => ({ table: noTable, unread: [`the mounts: ${message}`] }),
  )

/**
 * Describes this machine as a file of the configuration. Changes nothing, and needs no privilege.
 */
export const exportConfiguration = (
  { tree }: Pick<Ports, 'tree'>,
  { all }: { readonly all: boolean },
): ExportedFile => {
  const machine = readMachine(tree)
  const { table, unread: noMounts } = readTable(tree)
  const shmGroup = readShmGroup(tree)
  const facts = { machine, mounts: table.mounts, unknownLines: table.unknown, shmGroup }
  const described = exportMachine(present(facts), all, noMounts)
  const text = exportText(described)
  const { leftOut, unread } = described
  return { text, tables: parseToml(text, 'export'), leftOut, unread }
}
