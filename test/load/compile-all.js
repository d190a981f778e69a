// Compiles src and test before the tests run, each file of which is a process of its own.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compileAll } from './typescript.js'

const top = join(import.meta.dirname, '../..')
const filesIn = (folder) =>
  readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(top, folder, name))

await compileAll(['src', 'test'].flatMap(filesIn))
