import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { version } from '../src/version.ts'

const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')

t.equal(version, JSON.parse(text).version, 'the version is the same in both places')
