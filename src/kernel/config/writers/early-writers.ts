import type { LineTarget } from '../../../model/boot/line-request.ts'
import { pagesOnLine, sysctlsOnLine } from '../../../model/boot/pages-on-line.ts'
import { foundIn, foundSysctls, sysctlFile } from '../../../model/config/writers/found-writers.ts'
import { tunedBootLine } from '../../../model/config/writers/tuned-profile.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { scriptLines, sysctlLines } from '../../../model/config/writers/writer-lines.ts'
import { sysctlPaths } from '../../etc/fragment-files.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader } from './writer-texts.ts'

const linePath = '/proc/cmdline'

/** What the words of a kernel command line set. */
const wordWriters = (
  origin: Pick<FoundWriter, 'source' | 'file'>,
  line: string,
  facts: WritableFacts,
  target: LineTarget,
): readonly FoundWriter[] => {
  const before = { ...origin, when: 'before' } as const
  const pages = [...pagesOnLine(line, target)].map(([size, count]): FoundWriter => {
    const what = { attribute: 'persistent', size } as const
    return { ...before, what, value: `${count}` }
  })
  const lines = sysctlLines(sysctlsOnLine(line, target))
  const sysctls = foundSysctls(before, [{ file: origin.file, lines }], facts)
  // The words are one line, whatever their places.
  return [...pages, ...sysctls.map(({ line: _, ...writer }) => writer)]
}

/** What the kernel command line of this start sets, which is most likely that of the next one. */
export const lineWriters = (
  tree: Tree,
  facts: WritableFacts,
  target: LineTarget,
): readonly FoundWriter[] => {
  const line = readIfReadable(tree, linePath)
  return line === undefined
    ? []
    : wordWriters({ source: 'kernel-line', file: linePath }, line, facts, target)
}

/** What words that tuned adds to the kernel command line set, where this start has not had them yet. */
export const tunedLineWriters = (
  tree: Tree,
  { read }: WriterReader,
  facts: WritableFacts,
  target: LineTarget,
): readonly FoundWriter[] => {
  const now = readIfReadable(tree, linePath) ?? ''
  return read('/etc/tuned/bootcmdline').flatMap(({ file, text }) => {
    const words = tunedBootLine(text)
    return words === '' || now.includes(words)
      ? []
      : wordWriters({ source: 'tuned', file }, words, facts, target)
  })
}

const initrdScripts = '/etc/initramfs-tools/scripts'

/** What scripts of the administrator set that initramfs-tools(7) puts into the initrd. */
export const initrdWriters = (
  { list, readAll }: WriterReader,
  facts: WritableFacts,
): readonly FoundWriter[] =>
  list(initrdScripts)
    .flatMap((name) => readAll(`${initrdScripts}/${name}`))
    .flatMap(({ file, text }) =>
      foundIn({ source: 'initrd', file, when: 'before' }, scriptLines(text), facts),
    )

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
