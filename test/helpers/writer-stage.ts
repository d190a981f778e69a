import type { Test } from 'tap'
import { type WriterReader, writerReader } from '../../src/kernel/config/writers/writer-texts.ts'
import { directoryTree, type Tree } from '../../src/kernel/tree.ts'
import type { FoundWriter, WritableFacts } from '../../src/model/config/writers/writer.ts'
import { scratch } from './persist.ts'
import { temporary } from './run.ts'
import { G, M } from './sizes.ts'

export const writableFacts: WritableFacts = {
  sizes: [2n * M, G],
  nodes: [0, 1],
  defaultSize: 2n * M,
}

/** A tree with some files, what reads its writers, and the paths that could not be read. */
export const writerStage = (
  t: Test,
  files: Readonly<Record<string, string>>,
): { readonly root: string; readonly tree: Tree; readonly reader: WriterReader } => {
  const root = temporary(t)
  scratch(root, files)
  const tree = directoryTree(root)
  return { root, tree, reader: writerReader(tree) }
}

/** A writer as one line: `sysctl before /etc/sysctl.d/a.conf:1 persistent 2M=5`. */
export const writerLine = ({ source, when, file, line, what, value }: FoundWriter): string => {
  const place = line === undefined ? file : `${file}:${line}`
  if (what === undefined) return `${source} ${when} ${place} ${value}`
  const { attribute, size, node } = what
  const pool = size === undefined ? '' : ` ${size === G ? '1G' : '2M'}`
  const on = node === undefined ? '' : `@${node}`
  return `${source} ${when} ${place} ${attribute}${pool}${on}=${value}`
}
