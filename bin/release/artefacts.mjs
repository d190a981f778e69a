import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { debianArchs, rpmArchs } from '../packages/archs.mjs'
import { programInside } from './program-inside.mjs'

const oneFileOf = (version, arch) => `hugepool-${version}-linux-${arch}`

/** The files in release/ that are made by commands of their own, those first that others are made of. */
export const artefactsOf = (version) => [
  ...Object.keys(debianArchs).map((arch) => ({
    ...{ name: oneFileOf(version, arch), what: 'one file' },
    command: `npm run dist -- ${arch}`,
  })),
  ...Object.entries(debianArchs).map(([arch, word]) => ({
    ...{ name: `hugepool_${version}-1_${word}.deb`, what: 'Debian package' },
    program: oneFileOf(version, arch),
    command: `npm run dist:deb -- ${arch}`,
  })),
  ...Object.entries(rpmArchs).map(([arch, word]) => ({
    ...{ name: `hugepool-${version}-1.${word}.rpm`, what: 'RPM package' },
    program: oneFileOf(version, arch),
    command: `npm run dist:rpm -- ${arch}`,
  })),
]

const sumOf = (data, algorithm = 'sha256') => createHash(algorithm).update(data).digest('hex')

/** A file by what a release says of it. */
export const described = (name, what, data) => ({
  ...{ name, what },
  bytes: data.length,
  sum: sumOf(data),
})

/** Whether a package has another program inside than the one file that is there by now. */
const hasOther = (release, { name, program }, inside) => {
  const file = program === undefined ? undefined : join(release, program)
  if (file === undefined || !existsSync(file)) return false
  const { algorithm, sum } = inside(join(release, name))
  return sum !== sumOf(readFileSync(file), algorithm)
}

/**
 * Returns the artefacts; those that are there have a size, a sum, the second they were written in, and whether
 * another program is inside than the one that is there. `inside` tells the sum of the program in a package.
 */
export const findArtefacts = (top, version, inside = programInside) =>
  artefactsOf(version).map((artefact) => {
    const release = join(top, 'release')
    const file = join(release, artefact.name)
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat === undefined) return artefact
    const { bytes, sum } = described('', '', readFileSync(file))
    const written = Math.floor(stat.mtimeMs / 1000)
    return { ...artefact, bytes, sum, written, isOther: hasOther(release, artefact, inside) }
  })
