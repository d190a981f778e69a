import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { temporary } from '../helpers/run.ts'
import { archive } from './support/prefix.ts'

// What the prebuilt addons need of the machine that they are loaded on.

t.setTimeout(120_000)

const directory = temporary(t)
execFileSync('tar', ['-xzf', archive, '-C', directory])
const prebuilds = join(directory, 'package/native/prebuilds')
const fileOf = (name: string): string => join(prebuilds, name, 'hugepool.node')

const readelf = (...words: readonly string[]): string =>
  execFileSync('readelf', ['--wide', ...words], { encoding: 'utf8' })

interface Name {
  readonly name: string
  readonly version: string | undefined
}

/** The names in a library's table: those that it defines, or those that it wants of others. */
const namesIn = (file: string, wanted: boolean): readonly Name[] =>
  readelf('--dyn-syms', file)
    .split('\n')
    .flatMap((line) => {
      const [, , , , binding, , section, symbol = ''] = line.trim().split(/ +/)
      const [name = '', version] = symbol.split(/@+/)
      if (!/^(?:GLOBAL|WEAK)$/.test(binding ?? '') || name === '') return []
      return (section === 'UND') === wanted ? [{ name, version }] : []
    })

/** Where Node's headers are: beside it, or where `npm ci` has left them. */
const headers =
  [join(process.execPath, '../..'), join(homedir(), '.cache/node-gyp', process.versions.node)]
    .map((place) => join(place, 'include/node'))
    .find((place) => existsSync(join(place, 'node_api.h'))) ?? ''

const ofNode = /^(?:napi|node_api|uv)_/

/** Whether a C library of this version has what came with the other one. */
const atLeast = (version: string, other: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  return major > otherMajor || (major === otherMajor && minor >= otherMinor)
}

const architectures = [
  { name: 'linux-arm64', machine: 'AArch64', compiler: 'aarch64-linux-gnu-gcc' },
  { name: 'linux-x64', machine: 'Advanced Micro Devices X86-64', compiler: 'x86_64-linux-gnu-gcc' },
]

t.test('each processor has one', async (t) => {
  t.strictSame(
    readdirSync(prebuilds).sort(),
    architectures.map(({ name }) => name),
  )
  for (const { name } of architectures)
    t.strictSame(readdirSync(join(prebuilds, name)), ['hugepool.node'])
})

for (const { name, machine } of architectures)
  t.test(name, async (t) => {
    const file = fileOf(name)
    t.match(readelf('--file-header', file), `Machine:                           ${machine}\n`)

    t.test('it needs no library but that of C', async (t) => {
      const needed = [...readelf('--dynamic', file).matchAll(/\(NEEDED\).*\[(.+)\]/g)]
      t.strictSame(
        needed.map(([, library]) => library),
        ['libc.so.6'],
      )
      // musl refuses a library with variables of threads that need a place from the start.
      t.notMatch(readelf('--dynamic', file), /STATIC_TLS|RPATH|RUNPATH|TEXTREL/)
    })

    t.test('of glibc it needs what 2.28 has', async (t) => {
      const wanted = namesIn(file, true).filter((each) => !ofNode.test(each.name))
      t.ok(wanted.length > 50, `${wanted.length}`)
      for (const { name, version = 'none' } of wanted) {
        const [, number] = /^GLIBC_([\d.]+)$/.exec(version) ?? []
        t.ok(number !== undefined && atLeast('2.28', number), `${name} ${version}`)
      }
    })

    t.test('musl has all of it', async (t) => {
      const musl = new Set(namesIn('/lib/ld-musl-x86_64.so.1', false).map((each) => each.name))
      t.ok(musl.size > 1000)
      t.strictSame(
        namesIn(file, true).filter((each) => !ofNode.test(each.name) && !musl.has(each.name)),
        [],
      )
    })

    t.test('of Node it wants nothing younger than N-API 8', async (t) => {
      const { stdout } = spawnSync(
        'x86_64-linux-gnu-gcc',
        ['-E', '-I', headers, '-DNAPI_VERSION=8', '-'],
        {
          input: '#include <node_api.h>\n',
          encoding: 'utf8',
        },
      )
      const known = new Set(stdout.match(/\b(?:napi|node_api)_\w+(?=\()/g))
      const wanted = namesIn(file, true).filter((each) => /^(?:napi|node_api)_/.test(each.name))
      t.ok(wanted.length > 30 && known.size > 100, `${wanted.length} ${known.size}`)
      t.strictSame(
        wanted.filter((each) => !known.has(each.name)),
        [],
      )
    })

    t.test('it gives others nothing but what Node asks for', async (t) => {
      t.strictSame(
        namesIn(file, false)
          .map((each) => each.name)
          .sort(),
        ['napi_register_module_v1', 'node_api_module_get_api_version_v1'],
      )
    })

    t.test('no path of the place where it was made is in it', async (t) => {
      const text = execFileSync('strings', [file], { encoding: 'utf8' })
      t.strictSame(
        text.match(/^.*(?:\/(?:home|root|tmp|usr|work)\/|node_modules|\d\d:\d\d:\d\d).*$/gm),
        null,
      )
    })
  })

/** A program that has Node's functions by name only, and loads an addon with all that this binds. */
const loader = (file: string): string => {
  const names = namesIn(file, true).filter((each) => ofNode.test(each.name))
  return `#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
${names.map(({ name }) => `void ${name}(void) { abort(); }`).join('\n')}
int main(int count, char **words) {
  void *addon = count == 2 ? dlopen(words[1], RTLD_NOW) : NULL;
  puts(addon == NULL ? dlerror() : dlsym(addon, "napi_register_module_v1") ? "loaded" : "empty");
  return 0;
}
`
}

for (const { library, compiler, name, under } of [
  { library: 'musl', compiler: 'musl-gcc', name: 'linux-x64', under: [] },
  { library: 'glibc', compiler: 'x86_64-linux-gnu-gcc', name: 'linux-x64', under: [] },
  {
    library: 'glibc',
    compiler: 'aarch64-linux-gnu-gcc',
    name: 'linux-arm64',
    under: ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'],
  },
])
  t.test(`${library} loads that of ${name}, and finds all that it wants`, async (t) => {
    const source = join(temporary(t), 'loader.c')
    const program = join(temporary(t), 'loader')
    writeFileSync(source, loader(fileOf(name)))
    execFileSync(compiler, ['-rdynamic', '-o', program, source, '-ldl'])
    const [command = '', ...words] = [...under, program, fileOf(name)]
    t.equal(execFileSync(command, words, { encoding: 'utf8' }), 'loaded\n')
  })
