import { deepStrictEqual as same } from 'node:assert/strict'
import { limitText, memoryWord } from '../../../src/model/config/print-words.ts'
import { parseMountLimit } from '../../../src/model/mounts/mount-limit.ts'
import { parseInodes, parseMode } from '../../../src/model/mounts/mount-request.ts'
import { parseListenAddress } from '../../../src/model/telemetry/listen-address.ts'
import { parseAssignment } from '../../../src/model/words/assignment.ts'
import type { Count } from '../../../src/model/words/count.ts'
import { formatDuration, parseDuration } from '../../../src/model/words/duration.ts'
import { parseLeave } from '../../../src/model/words/leave.ts'
import { formatNodes, parseNodes } from '../../../src/model/words/node-list.ts'
import { formatSize, parseSize } from '../../../src/model/words/page-size.ts'
import { parsePolicy } from '../../../src/model/words/policy.ts'
import { readAlsoRepeated, unlessRefused } from '../expected.ts'

/** Reads a word, and what is printed of it once more, which has to mean the same. */
const bothWays = <Value>(
  text: string,
  parse: (text: string) => Value,
  print: (value: Value) => string,
): void => {
  const value = unlessRefused(() => parse(text))
  if (value !== undefined) same(parse(print(value)), value)
}

const countWords = (count: Count): string => {
  if (count.kind === 'max') return 'max'
  if (count.kind === 'percent') return `${count.percent}%`
  return `${count.sign}${count.kind === 'pages' ? count.pages : memoryWord(count.bytes)}`
}

const sizeWord = (size: ReturnType<typeof parseSize>): string =>
  size === 'default' ? size : formatSize(size)

const readWord = (text: string): void => {
  const assignment = unlessRefused(() => parseAssignment(text))
  if (assignment !== undefined) {
    const { size, counts } = assignment
    const words =
      'kind' in counts
        ? countWords(counts)
        : counts.map(({ node, count }) => `${node}:${countWords(count)}`).join(',')
    const again = parseAssignment(`${sizeWord(size)}=${words}`)
    same({ size: again.size, counts: again.counts }, { size, counts })
  }
  bothWays(text, parseSize, sizeWord)
  bothWays(text, parseDuration, formatDuration)
  bothWays(text, parseLeave, memoryWord)
  bothWays(text, parseMountLimit, limitText)
  bothWays(text, parseInodes, String)
  bothWays(text, parseMode, String)
  bothWays(text, parseListenAddress, ({ host, port }) =>
    host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
  )
  bothWays(
    text,
    (word) => {
      const nodes = parseNodes(word)
      return nodes === 'all' ? nodes : [...nodes].sort((a, b) => a - b)
    },
    (nodes) => (nodes === 'all' ? nodes : formatNodes(nodes)),
  )
  const policy = unlessRefused(() => parsePolicy(text))
  if (policy !== undefined)
    same(parsePolicy(`${policy.mode}:${policy.nodes.join(',')}`).nodes, policy.nodes)
}

/** The words of the command line: assignments, counts, sizes, nodes, policies, limits, durations. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, readWord)
