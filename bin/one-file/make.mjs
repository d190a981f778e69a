// Makes hugepool-<version>-linux-<arch> in release/: make.mjs [ARCH...]. Node's own loader starts it,
// and the bundles, their code caches, the addon and the manual pages are inside.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { bundleLauncher } from './launcher.mjs'
import { writePages } from './manual.mjs'

const top = join(import.meta.dirname, '../..')
const release = join(top, 'release')
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

const nodeFor = (arch) =>
  execFileSync('sh', [join(import.meta.dirname, 'node.sh'), arch], { encoding: 'utf8' }).trim()

/** What starts a Node of another processor here. */
const emulators = { arm64: 'qemu-aarch64-static' }

const runnerOf = (arch, node) => {
  if (arch === process.arch) return [node]
  if (emulators[arch] === undefined) throw new Error(`nothing here runs the node of ${arch}`)
  return [emulators[arch], node]
}

/** The addon for a processor. That for another one is named by HUGEPOOL_ADDON_ARM64 and the like. */
const addonFor = (arch) => {
  const variable = `HUGEPOOL_ADDON_${arch.toUpperCase()}`
  const named = process.env[variable]
  if (named === undefined && arch !== process.arch)
    throw new Error(`${variable} has to name an addon that was built for ${arch}`)
  return named ?? join(top, 'native/build/Release/hugepool.node')
}

/** The bundles, and the machines that the caches are made with. */
const isCode = (name) => name.endsWith('.js') || name === 'machines.json'

/** Lays all files that go inside into a directory and returns their paths by their names inside. */
const gather = (arch, node, work) => {
  mkdirSync(join(work, 'dist'))
  for (const name of readdirSync(join(top, 'dist')).filter(isCode))
    copyFileSync(join(top, 'dist', name), join(work, 'dist', name))
  const [command, ...words] = runnerOf(arch, node)
  execFileSync(command, [
    ...words,
    join(import.meta.dirname, 'make-caches.mjs'),
    join(work, 'dist'),
  ])
  const pages = writePages(top, join(work, 'man/text'))
  const names = [
    ...readdirSync(join(work, 'dist')).map((name) => `dist/${name}`),
    ...pages.map((page) => `man/text/${page}`),
  ]
  const notices = ['LICENSE', 'dist/THIRD-PARTY-LICENCES.txt']
  return {
    ...Object.fromEntries(names.sort().map((name) => [name, join(work, name)])),
    ...Object.fromEntries(notices.map((name) => [name, join(top, name)])),
    'native/hugepool.node': addonFor(arch),
  }
}

const make = async (arch) => {
  const work = mkdtempSync(join(tmpdir(), 'hugepool-dist-'))
  try {
    const node = nodeFor(arch)
    const main = join(work, 'launcher.cjs')
    await bundleLauncher(top, main)
    const output = join(work, 'hugepool')
    const settings = {
      main,
      mainFormat: 'commonjs',
      executable: node,
      output,
      disableExperimentalSEAWarning: true,
      // Node says aloud when it refuses a cache of the launcher, as with another processor.
      useCodeCache: false,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      execArgvExtension: 'none',
      assets: gather(arch, node, work),
    }
    const config = join(work, 'config.json')
    writeFileSync(config, JSON.stringify(settings))
    execFileSync(nodeFor(process.arch), ['--build-sea', config], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    mkdirSync(release, { recursive: true })
    const made = join(release, `hugepool-${version}-linux-${arch}`)
    // Written in small pieces: what Node writes at once is in the kernel's cache in pieces of 2M,
    // which count as memory of every process until they are read from the disk again.
    await pipeline(createReadStream(output), createWriteStream(`${made}.new`, { mode: 0o755 }))
    renameSync(`${made}.new`, made)
    process.stdout.write(`${made}\n`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const archs = process.argv.slice(2)
for (const arch of archs.length > 0 ? archs : [process.arch]) await make(arch)
