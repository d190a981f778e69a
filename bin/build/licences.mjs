import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesOf } from './packages.mjs'

/**
 * The file in dist/ that has the licences of all packages whose code is in the bundles or the
 * addon.
 */
export const licencesName = 'THIRD-PARTY-LICENCES.txt'

const isLicence = (name) => /^(?:licen[cs]e|copying|notice)\b/i.test(name)

/**
 * Returns the text of a package's licences. Throws where it has none, because nothing of the
 * package may be passed on then.
 */
const licenceOf = ({ directory, name, version, license }) => {
  const texts = readdirSync(directory).filter(isLicence).sort()
  if (texts.length === 0) throw new Error(`${directory}: has no text of its licence`)
  const heading = `${name} ${version} (${license})`
  const text = texts.map((file) => readFileSync(join(directory, file), 'utf8').trim()).join('\n\n')
  return `${heading}\n${'='.repeat(heading.length)}\n\n${text}\n`
}

const preface = `The files of this directory and the addon contain code of the packages below, which their authors permit
under the licences that follow. The licence of hugepool itself is in the file LICENSE.
`

/** Writes the licences of the packages that the bundled files are from. */
export const writeLicences = (top, dist, files) => {
  const licences = packagesOf(top, files).map(licenceOf)
  writeFileSync(join(dist, licencesName), [preface, ...licences].join('\n\n'))
}
