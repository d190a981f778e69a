// npm runs this file when it installs hugepool. It compiles the addon where no prebuilt one loads,
// and makes the code caches, which only this Node can make. The program works without either: what
// only looks needs no addon, and a start without caches takes longer. So nothing here fails the
// installation.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { makeCaches } from './build/caches.mjs'

const top = join(import.meta.dirname, '..')
const prebuilt = join(top, `native/prebuilds/linux-${process.arch}/hugepool.node`)

/** A clone compiles its addon, which has to be that of its sources. */
const isClone = existsSync(join(top, 'src'))

const say = (text) => process.stderr.write(`hugepool: ${text}\n`)

const loads = (file) => {
  try {
    createRequire(import.meta.url)(file)
    return true
  } catch {
    return false
  }
}

const compiles = () =>
  spawnSync('sh', [join(top, 'native/make.sh'), 'rebuild'], { stdio: 'inherit' }).status === 0

// This variable asks for it, as is usual among packages with addons.
const wanted = isClone || process.env.npm_config_build_from_source === 'true'
if ((wanted || !loads(prebuilt)) && !compiles() && !loads(prebuilt))
  say(`no addon for ${process.arch}: 'list' and all that only looks works, the rest ends with 4`)

try {
  if (!isClone) await makeCaches(join(top, 'dist'))
} catch (error) {
  say(`no code caches, each start takes longer: ${error.message}`)
}
