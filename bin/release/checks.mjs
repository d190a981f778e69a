import { isDeepStrictEqual } from 'node:util'
import { gt, rcompare, valid } from 'semver'

/** A few names, and how many more there are. */
const few = (names, most = 3) =>
  names.length > most
    ? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
    : names.join(', ')

const ok = (found) => ({ found })
const fault = (found, todo) => ({ found, todo })

const tree = ({ changed }) =>
  changed.length === 0
    ? ok('nothing is changed')
    : fault(`not committed: ${few(changed)}`, 'git add and git commit them, or git stash -u')

const version = ({ manifest, tag, tags }) => {
  if (valid(manifest.version) === null)
    return fault(`${manifest.version} is no version`, 'npm version --no-git-tag-version gives one')
  const [last] = tags.filter((each) => valid(each) !== null && each !== tag).sort(rcompare)
  if (last === undefined) return ok(`${manifest.version} is the first`)
  return gt(manifest.version, last.slice(1))
    ? ok(`${manifest.version} comes after ${last}`)
    : fault(
        `${manifest.version} does not come after ${last}`,
        'npm version --no-git-tag-version gives a later one to package.json and the lock',
      )
}

const tagged = ({ tag, tags, ownTags }) => {
  if (ownTags.includes(tag)) return ok(`HEAD is ${tag}`)
  return tags.includes(tag)
    ? fault(
        `${tag} is another commit`,
        `git switch --detach ${tag}, or give package.json a later version`,
      )
    : fault(`there is no tag ${tag}`, `git tag -a ${tag} -m 'hugepool ${tag.slice(1)}'`)
}

const source = ({ manifest, sourceVersion }) =>
  sourceVersion === manifest.version
    ? ok(`src/version.ts has it`)
    : fault(
        `src/version.ts has ${sourceVersion}`,
        `write ${manifest.version}, which package.json has, there`,
      )

const lock = ({ manifest, lock: { name, version: locked, packages } }) => {
  const told = (from) =>
    ['name', 'version', 'dependencies', 'devDependencies'].map((key) => from[key])
  return isDeepStrictEqual(told(manifest), told(packages[''])) &&
    isDeepStrictEqual([manifest.name, manifest.version], [name, locked])
    ? ok('package-lock.json has the same version and dependencies')
    : fault(
        'package-lock.json has another version or other dependencies than package.json',
        'npm install --package-lock-only',
      )
}

/** The sections of a changelog as of keepachangelog.com by their titles. */
export const sectionsOf = (changelog) =>
  new Map(
    changelog
      .replaceAll(/^\[.+\]: .*$/gm, '')
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [title] = section.split('\n', 1)
        return [title, section.slice(title.length).trim()]
      }),
  )

const changelog = ({ manifest, commit, changelog: text }) => {
  const sections = sectionsOf(text)
  const heading = `[${manifest.version}] - `
  const titles = [...sections.keys()]
  const title = titles.find((each) => each.startsWith(heading))
  const day = title?.slice(heading.length) ?? ''
  const unreleased = sections.get('[Unreleased]') ?? ''
  const wanted = `## ${heading}${commit.day}`
  if (title === undefined)
    return fault('CHANGELOG.md has no section of this version', `it begins with ${wanted}`)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || day > commit.day)
    return fault(`CHANGELOG.md has the day ${day}`, `write ${wanted}`)
  if (unreleased !== '')
    return fault(
      'CHANGELOG.md has changes under [Unreleased]',
      'move them into the section of the version that they come with',
    )
  if (sections.get(title) === '')
    return fault('the section of this version in CHANGELOG.md is empty', 'write what changed')
  return ok(`a section of ${day}, and nothing that is not released`)
}

const manual = ({ pages }) => {
  const old = pages.filter(({ date, day }) => {
    const told = Date.parse(`${date} UTC`)
    return Number.isNaN(told) || told < Date.parse(day)
  })
  return old.length === 0
    ? ok(`${pages.length} pages have the days of their last changes`)
    : fault(
        `older by .Dd than by their commits: ${few(old.map(({ name, day }) => `${name} (${day})`))}`,
        'give .Dd of each the day of its last change',
      )
}

/** What nobody installs the package without, beside the bundle and the pages of the manual. */
const needed = [
  ...['CHANGELOG.md', 'LICENSE', 'README.md', 'bin/hugepool.js', 'dist/hugepool.js'],
  ...['dist/THIRD-PARTY-LICENCES.txt', 'dist/sbom.cdx.json'],
  ...['native/prebuilds/linux-arm64/hugepool.node', 'native/prebuilds/linux-x64/hugepool.node'],
]

const content = ({ manifest, pack: { files } }) => {
  const there = new Set(files.map(({ path }) => path))
  const pages = manifest.man.map((path) => path.replace(/^\.\//, ''))
  const missing = [...needed, ...pages].filter((path) => !there.has(path))
  return missing.length === 0
    ? ok(`${files.length} files`)
    : fault(`missing in the package: ${few(missing)}`, 'npm run build && npm run build:addons')
}

/** 2 MiB, without the addons. */
const mostBytes = 2 * 1024 ** 2

const size = ({ pack: { files } }) => {
  const bytes = files
    .filter(({ path }) => !path.startsWith('native/prebuilds/'))
    .reduce((sum, each) => sum + each.size, 0)
  const told = `${(bytes / 1024 ** 2).toFixed(2)} MiB unpacked without addons`
  return bytes < mostBytes
    ? ok(told)
    : fault(told, 'less than 2 MiB is promised: npm pack --dry-run lists all files')
}

const build = ({ built, commit }) =>
  built >= commit.second
    ? ok('dist is younger than the commit')
    : fault('dist is missing or older than the commit', 'npm run build')

const artefacts = ({ artefacts: all, commit }) => {
  const isStale = ({ written }) => written === undefined || written < commit.second
  const stale = all.filter(isStale)
  const other = all.filter((each) => !isStale(each) && each.isOther)
  const parts = [
    ['missing or older than the commit', stale],
    ['with another program inside than the one file there', other],
  ].flatMap(([what, found]) =>
    found.length === 0 ? [] : `${what}: ${found.map(({ name }) => name).join(', ')}`,
  )
  const commands = [...new Set([...stale, ...other].map(({ command }) => command))]
  return parts.length === 0
    ? ok('all that belongs to a release is in release, and younger than the commit')
    : fault(`in release ${parts.join('; ')}`, commands.join(' && '))
}

/** What a release needs, by the names that the report has. */
const checks = {
  tree,
  version,
  tag: tagged,
  source,
  lock,
  changelog,
  manual,
  build,
  content,
  size,
  artefacts,
}

/** Returns what each check found; where it has something against a release also what to do. */
export const findings = (facts) =>
  Object.entries(checks).map(([check, look]) => ({ check, ...look(facts) }))
