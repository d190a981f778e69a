import { readdirSync } from 'node:fs'
import { runTogether } from '../helpers/together.ts'

// The addon under the sanitizers is a test of its own: npm run test:memory.
const names = readdirSync(new URL('../native', import.meta.url)).filter(
  (name) => name.endsWith('.ts') && name !== 'memory.ts',
)

await runTogether('test/native', names.sort())
