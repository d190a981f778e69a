import type { LateWrite, StartFiles } from '../../model/config/tune/persisted-setting.ts'
import { present } from '../../model/words/present.ts'
import { fragmentPaths, sysctlPaths } from '../etc/fragment-files.ts'
import type { Tree } from '../tree.ts'
import { lateWriters, startWriters } from './writers/file-writers.ts'
import { tunedWriters } from './writers/tuned-writers.ts'
import { unitWriters } from './writers/unit-writers.ts'
import {
  type PlannedTexts,
  type WriterReader,
  withPlannedTexts,
  writerReader,
} from './writers/writer-texts.ts'

/** The files that set settings at a start, and the paths of those that may not be read. */
export interface ReadStartFiles extends StartFiles {
  readonly late: readonly LateWrite[]
  readonly unread: readonly string[]
}

/**
 * Finds what services, tuned and scripts write to files of the kernel after sysctl.d and
 * tmpfiles.d.
 */
const lateWrites = (
  tree: Tree,
  reader: WriterReader,
  paths: readonly string[],
): readonly LateWrite[] => {
  const facts = { sizes: [], nodes: [], paths }
  return [
    ...startWriters(tree, reader, facts).filter(({ source }) => source !== 'tmpfiles'),
    ...unitWriters(tree, reader, facts),
    ...tunedWriters(tree, reader, facts),
    ...lateWriters(reader, facts),
  ].flatMap(({ path, value, file, line, when }) =>
    path === undefined || value === undefined || when !== 'after'
      ? []
      : [present({ path, file, text: value, line })],
  )
}

/**
 * Reads the files that set files of the kernel at a start, in the order in which they are applied:
 * those of sysctl.d and tmpfiles.d that count, and what writes later. `planned` are files that are
 * to be written before that, with their texts.
 */
export const readStartFiles = (
  tree: Tree,
  paths: readonly string[],
  planned: PlannedTexts = new Map(),
): ReadStartFiles => {
  const reader = withPlannedTexts(writerReader(tree), planned)
  const list = (_: Tree, directory: string) => reader.list(directory)
  return {
    sysctl: sysctlPaths(tree, list).flatMap(reader.read),
    tmpfiles: fragmentPaths(tree, 'tmpfiles.d', list).flatMap(reader.read),
    late: lateWrites(tree, reader, paths),
    unread: reader.unread(),
  }
}
