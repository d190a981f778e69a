import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { decode, encode } from '@jridgewell/sourcemap-codec'

const isOwn = (source) => source.startsWith('../src/')

/**
 * Returns a source map that tells the place of a fault: the lines of our own sources, with the
 * first column of each alone. That is a fifth of the whole map. Code of other packages leads to no
 * source.
 */
export const ownLines = ({ sources, mappings }) => {
  const own = sources.filter(isOwn)
  let before
  const kept = ([column, source, line, place]) => {
    const number = own.indexOf(sources[source])
    const key = number < 0 ? 'none' : `${number}:${line}`
    if (key === before) return []
    before = key
    return [number < 0 ? [column] : [column, number, line, place]]
  }
  const lines = decode(mappings).map((segments) => {
    before = undefined
    return segments.flatMap(kept)
  })
  return { version: 3, sources: own, names: [], mappings: encode(lines) }
}

/** Replaces the source maps that esbuild wrote by compressed ones of our own lines. */
export const packMaps = (dist) => {
  for (const name of readdirSync(dist).filter((each) => each.endsWith('.js.map'))) {
    const file = join(dist, name)
    const map = ownLines(JSON.parse(readFileSync(file, 'utf8')))
    writeFileSync(`${file}.gz`, gzipSync(JSON.stringify(map), { level: 9 }))
    rmSync(file)
  }
}
