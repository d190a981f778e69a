import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bomName } from '../build/sbom.mjs'
import { findArtefacts } from './artefacts.mjs'

const lines = (text) => text.split('\n').filter((line) => line !== '')

const gitIn =
  (top) =>
  (...words) =>
    execFileSync('git', ['-C', top, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })

/** Packs what is built, without building anything, and returns the package with the list of its files. */
export const packed = (top) => {
  const work = mkdtempSync(join(tmpdir(), 'hugepool-release-'))
  try {
    const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', work]
    const told = JSON.parse(execFileSync('npm', words, { cwd: top, encoding: 'utf8' }))
    // A list in the older npm, by the names of the packages in the younger.
    const [{ files }] = Object.values(told)
    const [name] = readdirSync(work)
    return { name, data: readFileSync(join(work, name)), files }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Pages of the manual with their dates and the days when a commit last changed them. */
const pagesOf = (top, git) =>
  readdirSync(join(top, 'man'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(top, 'man', name), 'utf8')
      const date = /^\.Dd (.+)$/m.exec(text)?.[1] ?? ''
      const day = git('log', '-1', '--format=%cs', '--', `man/${name}`).trim()
      return { name, date, day }
    })

const secondOf = (file) =>
  Math.floor((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) / 1000)

/** Reads all that the checks ask for. Nothing is written but a package elsewhere, which goes again. */
export const gather = (top, { pack = packed, inside } = {}) => {
  const git = gitIn(top)
  const read = (name) => readFileSync(join(top, name), 'utf8')
  const manifest = JSON.parse(read('package.json'))
  const tag = `v${manifest.version}`
  const [second, day] = git('log', '-1', '--format=%ct %cs').trim().split(' ')
  return {
    manifest,
    tag,
    lock: JSON.parse(read('package-lock.json')),
    sourceVersion: /'(.+)'/.exec(read('src/version.ts'))?.[1],
    changelog: read('CHANGELOG.md'),
    commit: { second: Number(second), day },
    changed: lines(git('status', '--porcelain')).map((line) => line.slice('?? '.length)),
    tags: lines(git('tag', '--list', 'v*')),
    ownTags: lines(git('tag', '--points-at', 'HEAD')),
    pages: pagesOf(top, git),
    built: secondOf(join(top, 'dist/hugepool.js')),
    bom: existsSync(join(top, 'dist', bomName)) ? JSON.parse(read(`dist/${bomName}`)) : undefined,
    pack: pack(top),
    artefacts: findArtefacts(top, manifest.version, inside),
  }
}
