// Makes APKBUILD in release/, which is for the package of npm that npm pack leaves beside it: make.mjs
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { maintainer } from '../changes.mjs'
import { homepage, release, summary, top, version } from '../sources.mjs'
import { filled } from './filled.mjs'

mkdirSync(release, { recursive: true })
execFileSync('npm', ['pack', '--silent', '--pack-destination', release], { cwd: top })
const sha512 = createHash('sha512')
  .update(readFileSync(join(release, `hugepool-${version}.tgz`)))
  .digest('hex')
const template = readFileSync(join(import.meta.dirname, 'APKBUILD'), 'utf8')
const made = join(release, 'APKBUILD')
writeFileSync(made, filled(template, { maintainer, version, summary, homepage, sha512 }))
process.stdout.write(`${made}\n`)
