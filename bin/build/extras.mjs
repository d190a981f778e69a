import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { machinesName } from './caches.mjs'

/** The recordings that the code caches are made with. */
const machines = ['one-node', 'two-nodes']

const filesBelow = (directory) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1))
    .sort()

const writeMachines = (top, dist) => {
  const trees = join(top, 'test/fixtures/trees')
  const paths = machines.flatMap((name) =>
    filesBelow(join(trees, name)).map((path) => join(name, path)),
  )
  const entries = paths.map((path) => [path, readFileSync(join(trees, path), 'utf8')])
  writeFileSync(join(dist, machinesName), JSON.stringify(Object.fromEntries(entries)))
}

/** Writes the manual pages compressed, as man(1) and distributions have them. */
const writeManual = (top, dist) => {
  mkdirSync(join(dist, 'man'))
  for (const name of readdirSync(join(top, 'man')).sort())
    writeFileSync(
      join(dist, 'man', `${name}.gz`),
      gzipSync(readFileSync(join(top, 'man', name)), { level: 9 }),
    )
}

/** The names by which shells find completions in their directories. */
const completionNames = { bash: 'hugepool', zsh: '_hugepool', fish: 'hugepool.fish' }

/** Writes the completions, which the program itself prints. */
const writeCompletions = (top, dist) => {
  for (const [shell, name] of Object.entries(completionNames)) {
    const directory = join(dist, 'completions', shell)
    mkdirSync(directory, { recursive: true })
    const words = [join(top, 'bin/hugepool.js'), 'completion', shell]
    writeFileSync(join(directory, name), execFileSync(process.execPath, words))
  }
}

/**
 * Writes what a package has beside the program: manual, completions, and the machines for code
 * caches.
 */
export const writeExtras = (top, dist) => {
  writeMachines(top, dist)
  writeManual(top, dist)
  writeCompletions(top, dist)
}
