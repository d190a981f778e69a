// Writes the source and the version script of a C library to link with, which has every symbol of the
// one given, in the newest version of it that glibc 2.28 has: libc-stub.mjs READELF LIBC DIRECTORY.
// Where the addon calls what is younger, the linker says so.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The C library that the oldest Node needs which hugepool is for. */
const newest = '2.28'

const numberOf = (version) => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return (major * 1000 + minor) * 1000 + patch
}

const symbol = /\b(?:FUNC|OBJECT|IFUNC|NOTYPE) +(?:GLOBAL|WEAK) .* (\w+)@@?GLIBC_([\d.]+)$/

/** Returns a version for each symbol. */
const versionsOf = (listing) => {
  const versions = new Map()
  for (const line of listing.split('\n')) {
    const [, name, version] = symbol.exec(line) ?? []
    if (name === undefined || numberOf(version) > numberOf(newest)) continue
    if (numberOf(version) > numberOf(versions.get(name) ?? '0')) versions.set(name, version)
  }
  return versions
}

const [readelf, libc, directory] = process.argv.slice(2)
const words = ['--dyn-syms', '--wide', libc]
const versions = [...versionsOf(execFileSync(readelf, words, { encoding: 'utf8' }))]
if (versions.length < 1000) throw new Error(`${libc}: has ${versions.length} symbols`)
const stubs = versions.map(
  ([name, version], index) => `.globl stub_${index}
.type stub_${index}, %function
stub_${index}: .symver stub_${index}, ${name}@@GLIBC_${version}
`,
)
const nodes = new Set(versions.map(([, version]) => `GLIBC_${version} {};\n`))
writeFileSync(join(directory, 'libc.s'), stubs.join(''))
writeFileSync(join(directory, 'libc.map'), [...nodes].join(''))
