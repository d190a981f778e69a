import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Returns the numbers of a segment: groups of five bits, the lowest first, with the sign below
 * them.
 */
const decoded = (segment) => {
  const numbers = []
  let bits = 0
  let shift = 0
  for (const digit of segment) {
    const value = digits.indexOf(digit)
    bits |= (value & 31) << shift
    shift += 5
    if (value & 32) continue
    numbers.push(bits & 1 ? -(bits >> 1) : bits >> 1)
    bits = 0
    shift = 0
  }
  return numbers
}

const encoded = (number) => {
  let bits = number < 0 ? (-number << 1) | 1 : number << 1
  let text = ''
  do {
    const more = bits > 31 ? 32 : 0
    text += digits[(bits & 31) | more]
    bits >>>= 5
  } while (bits > 0)
  return text
}

/**
 * Returns the lines of a bundle as segments of numbers that count from 0, the column in each line.
 */
const read = (mappings) => {
  const at = [0, 0, 0, 0]
  return mappings.split(';').map((line) => {
    at[0] = 0
    return line.split(',').flatMap((segment) => {
      for (const [index, number] of decoded(segment).slice(0, 4).entries()) at[index] += number
      return segment === '' ? [] : [[...at]]
    })
  })
}

const written = (lines) => {
  const at = [0, 0, 0, 0]
  const difference = (number, index) => {
    const before = at[index]
    at[index] = number
    return encoded(number - before)
  }
  const texts = lines.map((segments) => {
    at[0] = 0
    return segments.map((segment) => segment.map(difference).join('')).join(',')
  })
  return texts.join(';')
}

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
  const lines = read(mappings).map((segments) => {
    before = undefined
    return segments.flatMap(kept)
  })
  return { version: 3, sources: own, names: [], mappings: written(lines) }
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
