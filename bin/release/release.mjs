import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prerelease } from 'semver'
import { bomText, withNode } from '../build/sbom.mjs'
import { nodeVersions } from '../one-file/node.mjs'
import { described } from './artefacts.mjs'
import { findings, sectionsOf } from './checks.mjs'
import { gather } from './facts.mjs'
import { checksText, filesText } from './report.mjs'

const written = (name, what, text) => {
  const data = Buffer.from(text)
  return { ...described(name, what, data), data }
}

/** The lists of what is inside: of the package of npm, and of each other file that is there, which has Node too. */
const boms = ({ manifest, artefacts, bom }, versionsOf) => {
  if (bom === undefined) return []
  const what = 'SBOM (CycloneDX)'
  const files = artefacts.filter(({ sum }) => sum !== undefined)
  const versions = files.length === 0 ? {} : versionsOf()
  const ofFile = ({ name, sum }) => {
    const whole = withNode(bom, versions)
    const hashes = [{ alg: 'SHA-256', content: sum }]
    const metadata = { ...whole.metadata, component: { ...whole.metadata.component, hashes } }
    return written(`${name}.cdx.json`, what, bomText({ ...whole, metadata }))
  }
  return [
    written(`hugepool-${manifest.version}.cdx.json`, what, bomText(bom)),
    ...files.map(ofFile),
  ]
}

/** What changed in this version, as the changelog has it. */
const notesOf = ({ manifest, changelog }) => {
  const entries = [...sectionsOf(changelog)]
  return entries.find(([title]) => title.startsWith(`[${manifest.version}] `))?.[1] ?? ''
}

/** All files of a release. Those that are made here have their data. */
const filesOf = (facts, versionsOf) => {
  const { pack, artefacts } = facts
  const files = [
    { ...described(pack.name, 'npm package', pack.data), data: pack.data },
    ...artefacts,
    ...boms(facts, versionsOf),
  ]
  const sums = files.flatMap(({ name, sum }) => (sum === undefined ? [] : `${sum}  ${name}\n`))
  return [...files, written('SHA256SUMS', 'sums', sums.sort().join(''))]
}

/**
 * The commands that publish the files. npm states where a package was made only in a job of a place that it
 * knows, and refuses elsewhere what package.json asks for.
 */
const commandsText = ({ tag, pack }, files) => {
  // npm makes every version the newest one that is not told otherwise.
  const channel = prerelease(tag) === null ? '' : ' --tag next'
  const names = files.map(({ name }) => `release/${name}`)
  return `
to publish, type in this directory:
git push origin ${tag}
npm publish ./release/${pack.name} --provenance=false${channel}
gh release create ${tag} --verify-tag --title 'hugepool ${tag.slice(1)}' --notes-file release/NOTES.md ${names.join(' ')}

npm states where a package was made only in a job of GitHub or GitLab: there without --provenance=false
`
}

/**
 * Looks whether this commit can be released and returns what to print, and whether it can. Unless it is
 * a dry run what is still to be written lies in release/ then. Nothing is published: that is typed.
 */
export const release = (top, dryRun, { pack, inside, versionsOf = nodeVersions } = {}) => {
  const facts = gather(top, { pack, inside })
  const found = findings(facts)
  const files = filesOf(facts, versionsOf)
  const can = found.every(({ todo }) => todo === undefined)
  const shown = `${checksText(found)}\n${filesText(files)}`
  if (dryRun || !can) return { can, text: shown }
  const directory = join(top, 'release')
  mkdirSync(directory, { recursive: true })
  for (const { name, data } of files)
    if (data !== undefined) writeFileSync(join(directory, name), data)
  writeFileSync(join(directory, 'NOTES.md'), `${notesOf(facts)}\n`)
  return { can, text: `${shown}${commandsText(facts, files)}` }
}
