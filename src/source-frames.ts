import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'

/** Where a frame of a stack is, as V8 writes it: a path, a line and a column, both from one. */
const place = /(\/[^():\n]+):(\d+):(\d+)(?=\)?$)/

/** What lies beside a bundle; a file that was not bundled has none. */
const mapOf = (file: string): SourceMap | undefined => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload)
  } catch {
    return undefined
  }
}

/**
 * The frames of an error's stack, a line each, in which places in the bundle are places in its
 * sources. Only a fault pays for reading the map.
 */
export const sourceFrames = (stack: string): string => {
  const maps = new Map<string, SourceMap | undefined>()
  const mapped = (found: string, file: string, line: string, column: string): string => {
    if (!maps.has(file)) maps.set(file, mapOf(file))
    const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (entry === undefined || !('originalSource' in entry)) return found
    // The map names its sources from dist/.
    const source = entry.originalSource.replace(/^(\.\.\/)+/, '')
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  }
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '))
  return frames.map((frame) => `${frame.replace(place, mapped)}\n`).join('')
}
