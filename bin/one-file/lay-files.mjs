// Lays what goes inside the program that is one file into a directory.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { layMachines, machinesName } from '../build/caches.mjs'
import { bundleMain } from './bundle-main.mjs'
import { writePages } from './manual.mjs'
import { nodeFor, nodeLicence } from './node.mjs'

const top = join(import.meta.dirname, '../..')

export { nodeFor }

/** What starts a Node of another processor here, with the libraries of Debian's cross compiler. */
const emulators = { arm64: ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'] }

/** The words that start the Node of a processor here. */
export const runnerOf = (arch) => {
  if (arch === process.arch) return [nodeFor(arch)]
  if (emulators[arch] === undefined) throw new Error(`nothing here runs the node of ${arch}`)
  return [...emulators[arch], nodeFor(arch)]
}

/**
 * How V8 works in the one file, other than by itself. The saved memory and the code caches are made
 * with the same words. `list` ends before compiled code would have gained what its compiler takes; what
 * runs longer is still optimised. The seed of hash tables is the saved one: what is read here is the
 * machine's own, and a new one would take a tenth of the time of `list`. A sum over the saved memory,
 * which V8 makes of no memory that Node was built with, would take another twentieth. The builtins of V8
 * are mapped once: a second mapping, near to compiled code, would count as memory of its own.
 */
export const v8Words = [
  '--no-rehash-snapshot',
  '--no-verify-snapshot-checksum',
  '--no-sparkplug',
  '--no-short-builtin-calls',
  '--invocation-count-for-maglev=4000',
  '--invocation-count-for-maglev-osr=1000',
  '--invocation-count-for-osr=1000',
]

/**
 * Has V8 write the same memory and the same code caches each time: no other thread works beside, and what
 * is counted from a random number is counted from one that is not. How V8 works afterwards stays as it is.
 */
export const sameWords = ['--predictable']

/** The bundles, their source maps, and the machines that the caches are made with. */
const isInside = (name) => /\.js(?:\.map\.gz)?$/.test(name) || name === machinesName

/**
 * Lays all files that go inside into a directory, and main.cjs, which runs when the memory is saved.
 * Returns the names of those that are read afterwards.
 */
export const layFiles = async (arch, work) => {
  const [command, ...words] = runnerOf(arch)
  for (const name of ['dist', 'native']) mkdirSync(join(work, name))
  const dist = join(work, 'dist')
  for (const name of readdirSync(join(top, 'dist')).filter(isInside))
    copyFileSync(join(top, 'dist', name), join(dist, name))
  layMachines(dist, join(work, 'trees'))
  const writer = join(import.meta.dirname, 'make-caches.mjs')
  execFileSync(command, [...words, ...v8Words, ...sameWords, writer, dist])
  rmSync(join(dist, machinesName))
  writePages(top, join(work, 'man/text'))
  // The one that needs no newer C library than Node does.
  const addon = `native/prebuilds/linux-${arch}/hugepool.node`
  execFileSync('sh', [join(top, 'native/prebuild.sh'), arch], { stdio: 'inherit' })
  copyFileSync(join(top, addon), join(work, 'native/hugepool.node'))
  for (const name of ['LICENSE', 'dist/THIRD-PARTY-LICENCES.txt'])
    copyFileSync(join(top, name), join(work, name))
  writeFileSync(join(dist, 'NODE-LICENCES.txt'), nodeLicence(arch))
  const all = ['dist', 'man/text', 'native'].flatMap((directory) =>
    readdirSync(join(work, directory)).map((name) => `${directory}/${name}`),
  )
  await bundleMain(top, join(work, 'main.cjs'))
  return ['LICENSE', ...all].sort()
}
