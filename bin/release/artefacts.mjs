import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { debianArchs, rpmArchs } from '../packages/archs.mjs'

/** The files in release/ that are made by commands of their own, those first that others are made of. */
export const artefactsOf = (version) => [
  ...Object.keys(debianArchs).map((arch) => ({
    ...{ name: `hugepool-${version}-linux-${arch}`, what: 'one file', arch },
    command: `npm run dist -- ${arch}`,
  })),
  ...Object.entries(debianArchs).map(([arch, word]) => ({
    ...{ name: `hugepool_${version}-1_${word}.deb`, what: 'Debian package' },
    command: `npm run dist:deb -- ${arch}`,
  })),
  ...Object.entries(rpmArchs).map(([arch, word]) => ({
    ...{ name: `hugepool-${version}-1.${word}.rpm`, what: 'RPM package' },
    command: `npm run dist:rpm -- ${arch}`,
  })),
]

const sumOf = (data) => createHash('sha256').update(data).digest('hex')

/** A file by what a release says of it. */
export const described = (name, what, data) => ({
  ...{ name, what },
  bytes: data.length,
  sum: sumOf(data),
})

/** Returns the artefacts; those that are there have a size, a sum, and the second they were written in. */
export const findArtefacts = (top, version) =>
  artefactsOf(version).map((artefact) => {
    const file = join(top, 'release', artefact.name)
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat === undefined) return artefact
    const { bytes, sum } = described('', '', readFileSync(file))
    return { ...artefact, bytes, sum, written: Math.floor(stat.mtimeMs / 1000) }
  })
