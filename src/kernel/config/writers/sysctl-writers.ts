import { foundSysctls, sysctlFile } from '../../../model/config/writers/found-writers.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { sysctlPaths } from '../../etc/fragment-files.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader } from './writer-texts.ts'

/** What sysctl.d sets before hugepool's service runs. */
export const sysctlWriters = (
  tree: Tree,
  { read, list }: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const files = sysctlPaths(tree, (_, directory) => list(directory)).flatMap(read)
  return foundSysctls({ source: 'sysctl', when: 'before' }, files.map(sysctlFile), facts)
}

/** What tuned sets again of that when it starts: it reads the files of two directories alone. */
export const reappliedSysctls = (
  tree: Tree,
  { read, list }: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const paths = sysctlPaths(tree, (_, directory) => list(directory)).filter((path) =>
    /^\/(?:etc|run)\/sysctl\.d\//.test(path),
  )
  const files = [...new Set([...paths, '/etc/sysctl.conf'])].flatMap(read)
  return foundSysctls({ source: 'tuned', when: 'after' }, files.map(sysctlFile), facts)
}
