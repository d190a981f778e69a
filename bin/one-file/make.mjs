// Makes hugepool-<version>-linux-<arch> in release/: make.mjs [ARCH...]. Node's own loader starts it,
// and the bundles, their code caches, the addon and the manual pages are inside.
import { execFileSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { layFiles, nodeFor, runnerOf, sameWords, v8Words } from './lay-files.mjs'
import { packFiles } from './pack-files.mjs'
import { restoreZeros } from './restore-zeros.mjs'
import { slim } from './slim.mjs'

const top = join(import.meta.dirname, '../..')
const release = join(top, 'release')
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))

/**
 * node:ffi is an experiment of Node's, and so are modules such as node:vm while memory is saved. One
 * thread is enough for what V8 does beside: each costs a start its stack. Another one waits for SIGUSR1
 * to open a port for debuggers, which a program of root's should not have.
 */
const runWords = ['--no-warnings', '--disable-sigusr1', '--v8-pool-size=1', ...v8Words]

/**
 * Has code forgotten that is not called any more when the memory is saved (bin/one-file/warm-up.cjs), and
 * lets that call what Node keeps to itself. How often V8 collects garbage would depend on how fast this
 * machine is, and what is forgotten on that.
 */
const savingWords = [
  '--expose-internals',
  '--gc-global',
  '--max-semi-space-size=1',
  '--predictable-gc-schedule',
  ...sameWords,
]

/** The directory that the program is made in, whatever its name: names of files are saved with the memory. */
const here = '/proc/self/cwd'

/** Makes the program in a directory and returns its path. */
const makeIn = async (work, arch) => {
  const [command, ...words] = runnerOf(arch)
  const names = await layFiles(arch, work)
  const settings = {
    main: `${here}/main.cjs`,
    mainFormat: 'commonjs',
    executable: nodeFor(arch),
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
    // What modules take from the environment when they are loaded would be saved with them.
    env: { PATH: process.env.PATH, HUGEPOOL_INSIDE: here },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const output = join(work, 'hugepool')
  slim(output)
  restoreZeros(output, nodeFor(arch))
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
