import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Processors, with what Debian and the makers of .rpm call them. A release has the files of those that are `usual`. */
const processors = [
  { arch: 'x64', debian: 'amd64', rpm: 'x86_64', usual: true },
  { arch: 'arm64', debian: 'arm64', rpm: 'aarch64', usual: true },
  { arch: 'ppc64', debian: 'ppc64el', rpm: 'ppc64le', usual: false },
  { arch: 's390x', debian: 's390x', rpm: 's390x', usual: false },
]

/** The files in release/ that are made by commands of their own, those first that others are made of. */
export const artefactsOf = (version) => [
  ...processors.map(({ arch, usual }) => ({
    ...{ name: `hugepool-${version}-linux-${arch}`, what: 'one file', arch },
    ...{ required: usual, command: `npm run dist -- ${arch}` },
  })),
  ...processors.map(({ debian, usual }) => ({
    ...{ name: `hugepool_${version}-1_${debian}.deb`, what: 'Debian package' },
    ...{ required: usual, command: 'npm run dist:deb' },
  })),
  ...processors.map(({ rpm }) => ({
    ...{ name: `hugepool-${version}-1.${rpm}.rpm`, what: 'RPM package' },
    ...{ required: false, command: 'npm run dist:rpm' },
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
