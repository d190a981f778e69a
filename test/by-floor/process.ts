import { everySecond, runTogether } from '../helpers/together.ts'

// These start more processes than all others: by themselves they would take longer than all others.
await runTogether('test/process', everySecond('test/process', 0))
