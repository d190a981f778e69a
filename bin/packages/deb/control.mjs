import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { maintainer, wrapped } from '../changes.mjs'
import { configurationPath } from '../tree.mjs'

const octetsOf = ({ from, text = '' }) =>
  from === undefined ? Buffer.from(text) : readFileSync(from)

/** Kibibytes, each file rounded up, and one for each directory, as dpkg-gencontrol(1) counts. */
export const installedSize = (tree) => {
  const directories = new Set(
    tree.flatMap(({ path, isDirectory = false }) => {
      const parts = path.split('/')
      const end = isDirectory ? parts.length : parts.length - 1
      return parts.slice(0, end).map((_, index) => parts.slice(0, index + 1).join('/'))
    }),
  )
  const files = tree.filter(({ isDirectory = false }) => !isDirectory)
  return files.reduce(
    (sum, entry) => sum + Math.ceil(octetsOf(entry).length / 1024),
    directories.size,
  )
}

export const controlText = ({ version, arch, depends, size, homepage, summary, description }) =>
  [
    'Package: hugepool',
    `Version: ${version}-1`,
    `Architecture: ${arch}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${size}`,
    `Depends: ${depends}`,
    'Section: admin',
    'Priority: optional',
    `Homepage: ${homepage}`,
    `Description: ${summary}`,
    ...wrapped(description, 76).map((line) => ` ${line}`),
    '',
  ].join('\n')

/** The sums of all files but those of the administrator, in the order of their paths. */
export const md5sums = (tree) =>
  tree
    .filter(({ path, isDirectory = false }) => !isDirectory && path !== configurationPath)
    .map((entry) => {
      const sum = createHash('md5').update(octetsOf(entry)).digest('hex')
      return `${sum}  ${entry.path.slice(1)}\n`
    })
    .sort((one, other) => (one.slice(34) < other.slice(34) ? -1 : 1))
    .join('')
