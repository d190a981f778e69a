import { readdirSync } from 'node:fs'
import { runTogether } from '../helpers/together.ts'

// What is about all floors: the files that stand in test itself.
const names = readdirSync(new URL('..', import.meta.url)).filter((name) => name.endsWith('.ts'))

await runTogether('test', names.sort())
