import { runTogether } from '../helpers/together.ts'

await runTogether('test/process')
