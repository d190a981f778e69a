import {
  foundSysctls,
  overriddenSysctls,
  sysctlFile,
} from '../../../model/config/writers/found-writers.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { sysctlPaths } from '../../etc/fragment-files.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader } from './writer-texts.ts'

/** Finds what sysctl.d sets before hugepool's service runs. Overridden lines come first. */
export const sysctlWriters = (
  tree: Tree,
  { read, list }: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] => {
  const paths = sysctlPaths(tree, (_, directory) => list(directory))
  const files = paths.flatMap(read).map(sysctlFile)
  const origin = { source: 'sysctl', when: 'before' } as const
  return [
    ...(facts.overridden ? overriddenSysctls(origin, files, facts) : []),
    ...foundSysctls(origin, files, facts),
  ]
}

/**
 * Finds which sysctls tuned sets again when it starts: those in /etc/sysctl.d, /run/sysctl.d and
 * /etc/sysctl.conf.
 */
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
