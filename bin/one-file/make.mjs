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
import { layMachines, machinesName } from '../build/caches.mjs'
import { bundleMain } from './bundle-main.mjs'
import { writePages } from './manual.mjs'
import { packFiles } from './pack-files.mjs'
import { slim } from './slim.mjs'

const top = join(import.meta.dirname, '../..')
const release = join(top, 'release')
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

const nodeFor = (arch) =>
  execFileSync('sh', [join(import.meta.dirname, 'node.sh'), arch], { encoding: 'utf8' }).trim()

/** What starts a Node of another processor here, with the libraries of Debian's cross compiler. */
const emulators = { arm64: ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'] }

const runnerOf = (arch, node) => {
  if (arch === process.arch) return [node]
  if (emulators[arch] === undefined) throw new Error(`nothing here runs the node of ${arch}`)
  return [...emulators[arch], node]
}

/**
 * How V8 works in the one file, other than by itself. The saved memory and the code caches are made
 * with the same words. `list` ends before compiled code would have gained what its compiler takes; what
 * runs longer is still optimised. The seed of hash tables is the saved one: what is read here is the
 * machine's own, and a new one would take a tenth of the time of `list`.
 */
const v8Words = [
  '--no-rehash-snapshot',
  '--no-short-builtin-calls',
  '--no-sparkplug',
  '--invocation-count-for-maglev=4000',
  '--invocation-count-for-maglev-osr=1000',
  '--invocation-count-for-osr=1000',
]

/** node:ffi is an experiment of Node's, and so are modules such as node:vm while memory is saved. */
const runWords = ['--no-warnings', ...v8Words]

/** Has code forgotten that is not called any more when the memory is saved (bin/one-file/warm-up.cjs). */
const savingWords = ['--gc-global', '--max-semi-space-size=1']

/** The bundles, their source maps, and the machines that the caches are made with. */
const isInside = (name) => /\.js(?:\.map\.gz)?$/.test(name) || name === machinesName

/** Lays all files that go inside into a directory and returns their names. */
const gather = (arch, [command, ...words], work) => {
  for (const name of ['dist', 'native']) mkdirSync(join(work, name))
  const dist = join(work, 'dist')
  for (const name of readdirSync(join(top, 'dist')).filter(isInside))
    copyFileSync(join(top, 'dist', name), join(dist, name))
  layMachines(dist, join(work, 'trees'))
  const writer = join(import.meta.dirname, 'make-caches.mjs')
  execFileSync(command, [...words, ...v8Words, writer, dist])
  rmSync(join(dist, machinesName))
  writePages(top, join(work, 'man/text'))
  const addon = `native/prebuilds/linux-${arch}/hugepool.node`
  copyFileSync(join(top, addon), join(work, 'native/hugepool.node'))
  for (const name of ['LICENSE', 'dist/THIRD-PARTY-LICENCES.txt'])
    copyFileSync(join(top, name), join(work, name))
  const all = ['dist', 'man/text', 'native'].flatMap((directory) =>
    readdirSync(join(work, directory)).map((name) => `${directory}/${name}`),
  )
  return ['LICENSE', ...all].sort()
}

/** Makes the program in a directory and returns its path. */
const makeIn = async (work, arch) => {
  const node = nodeFor(arch)
  const runner = runnerOf(arch, node)
  const [command, ...words] = runner
  const names = gather(arch, runner, work)
  await bundleMain(top, join(work, 'main.cjs'))
  const settings = {
    main: 'main.cjs',
    mainFormat: 'commonjs',
    executable: node,
    output: 'hugepool',
    disableExperimentalSEAWarning: true,
    useSnapshot: true,
    execArgv: runWords,
    execArgvExtension: 'none',
    assets: packFiles(work, names),
  }
  writeFileSync(join(work, 'config.json'), JSON.stringify(settings))
  execFileSync(command, [...words, ...runWords, ...savingWords, '--build-sea', 'config.json'], {
    cwd: work,
    env: { ...process.env, HUGEPOOL_INSIDE: work },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const output = join(work, 'hugepool')
  slim(output)
  return output
}

const make = async (arch) => {
  const work = mkdtempSync(join(tmpdir(), 'hugepool-dist-'))
  try {
    const output = await makeIn(work, arch)
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
