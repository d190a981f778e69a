import type { LineTarget } from '../../../model/boot/line-request.ts'
import { pagesOnLine, sysctlsOnLine } from '../../../model/boot/pages-on-line.ts'
import {
  builtInLine,
  hasWords,
  wordsNotPassed,
} from '../../../model/config/writers/built-in-line.ts'
import { foundSysctls, isSameWrite } from '../../../model/config/writers/found-writers.ts'
import { settingsOnLine } from '../../../model/config/writers/settings-on-line.ts'
import { tunedBootLine } from '../../../model/config/writers/tuned-profile.ts'
import type { FoundWriter, WritableFacts } from '../../../model/config/writers/writer.ts'
import { sysctlLines } from '../../../model/config/writers/writer-lines.ts'
import { readIfReadable } from '../../read-attribute.ts'
import type { Tree } from '../../tree.ts'
import type { WriterReader } from './writer-texts.ts'

const linePath = '/proc/cmdline'

type WordWriters = (
  origin: Pick<FoundWriter, 'source' | 'file' | 'line'>,
  words: string,
) => readonly FoundWriter[]

/** What the words of a kernel command line set, as the kernel reads them. */
const wordWriters =
  (facts: WritableFacts, target: LineTarget): WordWriters =>
  (origin, words) => {
    const before = { ...origin, when: 'before' } as const
    const pages = [...pagesOnLine(words, target)].map(([size, count]): FoundWriter => {
      const what = { attribute: 'persistent', size } as const
      return { ...before, what, value: `${count}` }
    })
    const { paths = [] } = facts
    const settings = paths.length === 0 ? [] : settingsOnLine(words, target)
    const lines = sysctlLines(sysctlsOnLine(words, target))
    const sysctls = foundSysctls(before, [{ file: origin.file, lines }], facts)
    // The words are one line, whatever their order.
    return [
      ...pages,
      ...settings.filter(({ path }) => paths.includes(path)).map((set) => ({ ...before, ...set })),
      ...sysctls.map(({ line: _, ...writer }) => ({ ...writer, ...origin })),
    ]
  }

/** What words set that are built into the kernel, by the configuration that it was built with. */
const configured = (
  tree: Tree,
  line: string,
  { read }: WriterReader,
  writersOf: WordWriters,
): readonly FoundWriter[] => {
  const release = readIfReadable(tree, '/proc/sys/kernel/osrelease')?.trim() ?? ''
  return read(`/boot/config-${release}`).flatMap(({ file, text }) => {
    const found = builtInLine(text)
    if (found === undefined || !hasWords(line, found.words)) return []
    return writersOf({ source: 'built-in', file, line: found.line }, found.words)
  })
}

/**
 * Tells what words of the kernel itself set, where a device tree shows which ones the boot loader
 * passed.
 */
const notPassed = (tree: Tree, line: string, writersOf: WordWriters): readonly FoundWriter[] => {
  const passed = readIfReadable(tree, '/proc/device-tree/chosen/bootargs')
  if (passed === undefined) return []
  return writersOf({ source: 'built-in', file: linePath }, wordsNotPassed(line, passed))
}

/**
 * What the kernel command line of this start sets, which is most likely that of the next one. Words
 * that no boot loader passed come first, and are told once.
 */
export const lineWriters = (
  tree: Tree,
  reader: WriterReader,
  facts: WritableFacts,
  target: LineTarget,
): readonly FoundWriter[] => {
  const writersOf = wordWriters(facts, target)
  const line = readIfReadable(tree, linePath)
  if (line === undefined) return []
  const known = configured(tree, line, reader, writersOf)
  const builtIn = known.length > 0 ? known : notPassed(tree, line, writersOf)
  const all = writersOf({ source: 'kernel-line', file: linePath }, line)
  return [...builtIn, ...all.filter((each) => !builtIn.some((one) => isSameWrite(one, each)))]
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
      : wordWriters(facts, target)({ source: 'tuned', file }, words)
  })
}
