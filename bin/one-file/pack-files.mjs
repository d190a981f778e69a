import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Puts files of a directory into one, and where each of them begins and ends into another. Node looks
 * at the beginning of each asset of the program at every start, which brings the pages around it into
 * memory.
 */
export const packFiles = (directory, names) => {
  const octets = names.map((name) => readFileSync(join(directory, name)))
  let end = 0
  const places = names.map((name, index) => {
    const start = end
    end += octets[index].length
    return [name, [start, end]]
  })
  writeFileSync(join(directory, 'files'), Buffer.concat(octets))
  writeFileSync(join(directory, 'places.json'), JSON.stringify(Object.fromEntries(places)))
  return { files: 'files', places: 'places.json' }
}
