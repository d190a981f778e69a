import { maintainer } from './changes.mjs'

/** A package of THIRD-PARTY-LICENCES.txt: its name and version, its licence, and the text. */
const third = /^(\S+) (\S+) \(([^)]+)\)\n=+\n\n/m

const thirdIn = (licences) => {
  const [, ...parts] = licences.split(new RegExp(third.source, 'gm'))
  return Array.from({ length: parts.length / 4 }, (_, index) => {
    const [name, version, licence, text] = parts.slice(4 * index, 4 * index + 4)
    return { name, version, licence, text: text.trim() }
  })
}

/** Debian has the text of this licence, and packages name its file. */
const apache =
  /[^\n]*Apache License\n[^\n]*Version 2\.0, January 2004[\s\S]*?(?:limitations under the License\.|END OF TERMS AND CONDITIONS)/g
const apacheText = 'The Apache License, Version 2.0, as in /usr/share/common-licenses/Apache-2.0.'

/** The lines in which a text says whose it is. */
const holdersIn = (text) => {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^[\s*#/%;-]+/, '').trim())
    .filter((line) => /^(?:portions )?copyright\b.*(?:\d{4}|\(c\)|©|contributors)/i.test(line))
  return lines.length === 0 ? ['the authors, as the text of the licence says'] : [...new Set(lines)]
}

/** A field of several lines: the first may be empty, and an empty line is a dot (DEP-5). */
const field = (name, first, lines) =>
  [
    `${name}: ${first}`.trimEnd(),
    ...lines.map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`)),
  ].join('\n')

const paragraph = ({ files, licence, text, comment }) => {
  const short = text.replace(apache, apacheText)
  const [holder, ...others] = holdersIn(text)
  return [
    `Files: ${files}`,
    field('Copyright', holder, others),
    field('License', licence, short.split('\n')),
    ...(comment === undefined ? [] : [field('Comment', comment, [])]),
  ].join('\n')
}

/** A name of a licence is one word, and each of these texts is another one. */
const shortName = (licence, name) =>
  `${licence}-${name.replace(/[^a-z0-9]+/gi, '-').replace(/^-/, '')}`

/**
 * The file copyright in the form of DEP-5: hugepool, all whose code is in its bundle, and Node, which
 * names the licences of all that it has inside.
 */
export const copyrightText = ({ licence, licences, nodeLicence, homepage }) => {
  const packages = thirdIn(licences).map(({ name, version, licence: short, text }) =>
    paragraph({
      files: `node_modules/${name}/*`,
      licence: shortName(short, name),
      text,
      comment: `${name} ${version}, of which code is in the bundle`,
    }),
  )
  return [
    [
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
      'Upstream-Name: hugepool',
      `Upstream-Contact: ${maintainer}`,
      `Source: ${homepage}`,
    ].join('\n'),
    paragraph({ files: '*', licence: 'MIT', text: licence.trim() }),
    ...packages,
    paragraph({
      files: 'node/*',
      licence: 'Node.js',
      text: nodeLicence.trim(),
      comment: 'Node, which is in the program with the libraries that it is built with',
    }),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n')
}
