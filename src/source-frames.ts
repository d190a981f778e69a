import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { gunzipSync } from 'node:zlib'

/**
 * Matches a stack frame of V8: an optional name, a path, a line and a column. Both count from 1.
 */
const framePattern = /^ {4}at (?:.* \()?(\/[^()]+):(\d+):(\d+)\)?$/

/** Reads the source map beside a bundle. A file that was not bundled has none. */
const mapOf = (file: string, read: (path: string) => Buffer): SourceMap | undefined => {
  try {
    const text = gunzipSync(read(`${file}.map.gz`)).toString()
    return new SourceMap(JSON.parse(text) as SourceMapPayload)
  } catch {
    return undefined
  }
}

/**
 * Returns the frames of an error's stack, one per line. Frames in the bundle become places in its
 * sources, without the names of functions, which the bundle has shortened. The source map is read
 * only for a fault.
 */
export const sourceFrames = (
  stack: string,
  read: (path: string) => Buffer = (path) => readFileSync(path),
): string => {
  const maps = new Map<string, SourceMap | undefined>()
  const mapped = (found: string, file: string, line: string, column: string): string => {
    if (!maps.has(file)) maps.set(file, mapOf(file, read))
    const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1)
    // Code of another package has an entry that names no source.
    if (entry === undefined || !('originalSource' in entry)) return found
    if (entry.originalSource === undefined) return found
    // The map names its sources relative to dist/.
    const source = entry.originalSource.replace(/^(\.\.\/)+/, '')
    return `    at ${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  }
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '))
  return frames.map((frame) => `${frame.replace(framePattern, mapped)}\n`).join('')
}
