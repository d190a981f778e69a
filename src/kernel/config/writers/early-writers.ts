import { foundSysctls, sysctlFile } from '../../../model/config/writers/found-writers.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { sysctlLines } from '../../../model/config/writers/writer-lines.ts'
import { pagesOnLine, sysctlsOnLine } from '../../../model/mounts/persist/boot-line.ts'
import { sysctlPaths } from '../../etc/fragment-files.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader } from './writer-texts.ts'

const linePath = '/proc/cmdline'

/** What the kernel command line of this start sets, which is most likely that of the next one. */
export const lineWriters = (tree: Tree, facts: WritableFacts): readonly FoundWriter[] => {
  const line = readIfReadable(tree, linePath)
  if (line === undefined) return []
  const origin = { source: 'kernel-line', file: linePath, when: 'before' } as const
  const pages = [...pagesOnLine(line, facts.sizes, facts.defaultSize)]
    .filter(([, count]) => count > 0n)
    .map(([size, count]): FoundWriter => {
      const what = { attribute: 'persistent', size } as const
      return { ...origin, what, value: `${count}` }
    })
  const sysctls = foundSysctls(
    { source: 'kernel-line', when: 'before' },
    [{ file: linePath, lines: sysctlLines(sysctlsOnLine(line)) }],
    facts,
  )
  // The words are one line, whatever their places.
  return [...pages, ...sysctls.map(({ line: _, ...writer }) => writer)]
}

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
