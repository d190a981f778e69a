import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const inPackage = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/

/** Returns the packages that the files are from with their manifests, in order of their names. */
export const packagesOf = (top, files) => {
  const directories = files.flatMap((file) => inPackage.exec(file)?.[0] ?? [])
  return [...new Set(directories)]
    .map((directory) => resolve(top, directory))
    .map((directory) => ({
      directory,
      ...JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}
