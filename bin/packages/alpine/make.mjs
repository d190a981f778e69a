// Makes APKBUILD in release/, with the files that it has beside it; it is for the package of npm, which npm
// pack leaves there too: make.mjs
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { maintainer } from '../changes.mjs'
import { configuration, homepage, release, summary, top, version } from '../sources.mjs'
import { openrcOf } from '../units.mjs'
import { filled } from './filled.mjs'

const sumOf = (data) => createHash('sha512').update(data).digest('hex')

mkdirSync(release, { recursive: true })
execFileSync('npm', ['pack', '--silent', '--pack-destination', release], { cwd: top })
const script = await openrcOf(top)
const sums = {
  sha512: sumOf(readFileSync(join(release, `hugepool-${version}.tgz`))),
  initd512: sumOf(script),
  toml512: sumOf(configuration),
}
const template = readFileSync(join(import.meta.dirname, 'APKBUILD'), 'utf8')
writeFileSync(join(release, 'hugepool.initd'), script)
writeFileSync(join(release, 'hugepool.toml'), configuration)
const made = join(release, 'APKBUILD')
writeFileSync(made, filled(template, { maintainer, version, summary, homepage, ...sums }))
process.stdout.write(`${made}\n`)
