import { execFileSync } from 'node:child_process'
import { programPath } from '../packages/tree.mjs'

const told = (program, ...words) =>
  execFileSync(program, words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** The sum that a list has of a file: lines of a sum and a path. */
const sumIn = (list, path) =>
  list
    .split('\n')
    .map((line) => line.split(/ +/))
    .find(([, each]) => each === path)?.[0]

/**
 * Returns the sum of the program in a package, and by what it is made, as the package itself tells it: to
 * unpack one would take seconds. dpkg keeps sums of MD5, and rpm those of SHA-256.
 */
export const programInside = (file) => {
  if (file.endsWith('.deb'))
    return {
      algorithm: 'md5',
      sum: sumIn(told('dpkg-deb', '--info', file, 'md5sums'), programPath.slice(1)),
    }
  const words = ['--queryformat', '[%{FILEDIGESTS} %{FILENAMES}\n]', '--nosignature', '-qp', file]
  return { algorithm: 'sha256', sum: sumIn(told('rpm', ...words), programPath) }
}
