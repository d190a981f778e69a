// Makes hugepool_<version>-1_<arch>.deb in release/: make.mjs [ARCH...], in the words of Node or of Debian.
// Two of the same sources are the same to the octet, wherever and whenever they are made.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { nodeLicence } from '../../one-file/node.mjs'
import { archOf, archsMeant, debianArchs } from '../archs.mjs'
import { debianChangelog } from '../changes.mjs'
import { copyrightText } from '../copyright.mjs'
import { layOut } from '../lay-out.mjs'
import { dependsOf } from '../needs.mjs'
import {
  addonFor,
  description,
  epochOf,
  homepage,
  licences,
  programFor,
  release,
  releases,
  sourcesFor,
  summary,
  version,
} from '../sources.mjs'
import { configurationPath, treeOf } from '../tree.mjs'
import { controlText, installedSize, md5sums } from './control.mjs'

const here = import.meta.dirname
const scripts = ['postinst', 'prerm', 'postrm']

/** What a Debian package has beside what every package has. */
const debianFiles = () => [
  {
    path: '/usr/share/doc/hugepool/changelog.Debian.gz',
    mode: 0o644,
    text: gzipSync(debianChangelog(releases), { level: 9 }),
  },
  {
    path: '/usr/share/lintian/overrides/hugepool',
    mode: 0o644,
    text: readFileSync(join(here, 'lintian-overrides')),
  },
]

const controlFiles = (tree, arch) => {
  const depends = dependsOf([programFor(arch), addonFor(arch)])
  const fields = { arch: debianArchs[arch], depends, size: installedSize(tree) }
  const file = (path, text, mode = 0o644) => ({ path, text, mode })
  return [
    file('control', controlText({ version, homepage, summary, description, ...fields })),
    file('conffiles', `${configurationPath}\n`),
    file('md5sums', md5sums(tree)),
    ...scripts.map((name) => file(name, readFileSync(join(here, name)), 0o755)),
  ]
}

const make = async (arch) => {
  const epoch = epochOf(process.env)
  const program = programFor(arch)
  const licence = copyrightText({ ...licences(), nodeLicence: nodeLicence(arch), homepage })
  const sources = { ...(await sourcesFor(program)), licence }
  const tree = [...treeOf('debian', sources), ...debianFiles()]
  const work = mkdtempSync(join(tmpdir(), 'hugepool-deb-'))
  try {
    const control = controlFiles(tree, arch).map((entry) => ({
      ...entry,
      path: `/DEBIAN/${entry.path}`,
    }))
    layOut(work, [...tree, ...control], epoch)
    mkdirSync(release, { recursive: true })
    const made = join(release, `hugepool_${version}-1_${debianArchs[arch]}.deb`)
    // xz is what every dpkg knows, and lintian(1) wants.
    const compression = process.env.HUGEPOOL_PACKAGE_COMPRESSION ?? 'xz'
    execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', work, made], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    process.stdout.write(`${made}\n`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

for (const word of archsMeant(process.argv)) await make(archOf(debianArchs, word))
