import { everySecond, runTogether } from '../helpers/together.ts'

await runTogether('test/process', everySecond('test/process', 1))
