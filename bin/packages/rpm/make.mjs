// Makes hugepool.spec and hugepool-<version>-1.<arch>.rpm in release/: make.mjs [ARCH...], in the words of
// Node or of rpm. Two of the same sources are the same to the octet.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeLicence } from '../../one-file/node.mjs'
import { archOf, archsMeant, rpmArchs } from '../archs.mjs'
import { maintainer } from '../changes.mjs'
import { layOut } from '../lay-out.mjs'
import { lookInto, none } from '../needs.mjs'
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
import { rpmTree, specText } from './spec.mjs'

const scripts = Object.fromEntries(
  ['post', 'preun', 'postun'].map((name) => [
    name,
    readFileSync(join(import.meta.dirname, name), 'utf8'),
  ]),
)

/** The licence of hugepool, and those of all that is in the program. */
const licenceText = (arch) => {
  const { licence, licences: others } = licences()
  return [licence, others, nodeLicence(arch)].join('\n\n')
}

/** What the addon needs, in rpm's words: it is inside the program, where rpmbuild does not look. */
const addonRequires = (arch) => {
  const { glibc, glibcxx } = lookInto([addonFor(arch)])
  const versions = [
    [`libc.so.6(GLIBC_${glibc})(64bit)`, glibc],
    [`libstdc++.so.6(GLIBCXX_${glibcxx})(64bit)`, glibcxx],
  ]
  return versions.flatMap(([name, version]) => (version === none ? [] : [name]))
}

const build = (work, spec, arch, epoch) => {
  const payload = process.env.HUGEPOOL_PACKAGE_COMPRESSION === 'none' ? 'w.ufdio' : 'w6T0.xzdio'
  const macros = {
    _topdir: join(work, 'top'),
    tree: join(work, 'tree'),
    _binary_payload: payload,
    packager: maintainer,
    // What rpmbuild keeps beside, which has to be nowhere else.
    _tmppath: join(work, 'tmp'),
  }
  mkdirSync(macros._tmppath)
  const defined = Object.entries(macros).flatMap(([name, value]) => [
    '--define',
    `${name} ${value}`,
  ])
  execFileSync('rpmbuild', ['-bb', '--quiet', '--target', rpmArchs[arch], ...defined, spec], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC', LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return join(macros._topdir, 'RPMS', rpmArchs[arch], `hugepool-${version}-1.${rpmArchs[arch]}.rpm`)
}

const make = async (arch) => {
  const epoch = epochOf(process.env)
  const sources = { ...(await sourcesFor(programFor(arch))), licence: licenceText(arch) }
  const tree = rpmTree(sources)
  const requires = addonRequires(arch)
  const words = { version, homepage, summary, description, releases, requires, tree, scripts }
  const work = mkdtempSync(join(tmpdir(), 'hugepool-rpm-'))
  try {
    layOut(join(work, 'tree'), tree, epoch)
    mkdirSync(release, { recursive: true })
    const spec = join(release, 'hugepool.spec')
    writeFileSync(spec, specText(words))
    const built = build(work, spec, arch, epoch)
    const made = join(release, `hugepool-${version}-1.${rpmArchs[arch]}.rpm`)
    copyFileSync(built, made)
    process.stdout.write(`${made}\n`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

for (const word of archsMeant(process.argv)) await make(archOf(rpmArchs, word))
