import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bomName, bomText, withNode } from '../build/sbom.mjs'
import { nodeVersions } from '../one-file/node.mjs'
import { noonOf, releasesIn } from './changes.mjs'
import { unitsOf } from './units.mjs'

export const top = join(import.meta.dirname, '../..')
export const release = join(top, 'release')

const read = (path) => readFileSync(join(top, path), 'utf8')
const manifest = JSON.parse(read('package.json'))

export const { version } = manifest

/** Without the part of the page, which is for the registry of npm. */
export const homepage = manifest.homepage.replace(/#.*/, '')

/** What packages say of themselves, in at most 80 letters. */
export const summary = 'see and resize Linux hugepage (HugeTLB) pools'

export const description = [
  'hugepool shows and changes the pools of huge pages of a Linux machine: every page size and every NUMA',
  'node. After each write it reads back what the kernel really gave, and says what is short and why.',
  'It knows who holds pages, what an application would get, how a machine should be at every start,',
  'and has metrics for Prometheus.',
].join(' ')

const one = (file, make) => {
  if (existsSync(file)) return file
  throw new Error(`there is no ${file}: ${make} makes it`)
}

/** The program that is one file, for a processor in the words of Node. */
export const programFor = (arch) =>
  one(join(release, `hugepool-${version}-linux-${arch}`), `npm run dist -- ${arch}`)

/** The addon that the program has inside, which has needs of its own (bin/one-file/lay-files.mjs). */
export const addonFor = (arch) =>
  one(join(top, `native/prebuilds/linux-${arch}/hugepool.node`), `npm run dist -- ${arch}`)

export const changelog = read('CHANGELOG.md')

/** The file of the administrator, which asks for nothing. */
export const configuration = read('bin/packages/hugepool.toml')

/** What has its files in /run made when the machine starts. */
export const tmpfiles = read('bin/packages/tmpfiles.conf')

/** The release that this version is. Without one the version is older than its changelog. */
export const releases = releasesIn(changelog)

/** The time of everything in a package: the day of its release, unless the environment says another one. */
export const epochOf = (environment) => {
  const { SOURCE_DATE_EPOCH: given } = environment
  if (given !== undefined) return Number(given)
  const released = releases.find((each) => each.version === version)
  if (released === undefined) throw new Error(`CHANGELOG.md has no date of ${version}`)
  return noonOf(released.date)
}

export const licences = () => ({
  licence: read('LICENSE'),
  licences: read('dist/THIRD-PARTY-LICENCES.txt'),
})

/** All that a tree is made of, but for the licence, which each family has in another form. */
export const sourcesFor = async (program) => ({
  program,
  pages: readdirSync(join(top, 'man')).map((name) => ({ name, text: read(`man/${name}`) })),
  completions: {
    bash: read('dist/completions/bash/hugepool'),
    zsh: read('dist/completions/zsh/_hugepool'),
    fish: read('dist/completions/fish/hugepool.fish'),
  },
  units: await unitsOf(top),
  configuration,
  tmpfiles,
  readme: read('README.md'),
  bom: bomText(withNode(JSON.parse(read(`dist/${bomName}`)), nodeVersions())),
  changelog,
})
