import { constants } from 'node:os'
import { equivalents } from './equivalent.ts'
import { scoreOf } from './score.ts'
import { parseTyped, usage } from './typed.ts'

const out = (text: string): void => {
  process.stdout.write(text)
}

// Their listeners of the exit end the tests that run, and remove the directory.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]))

try {
  const typed = parseTyped(process.argv.slice(2))
  if (typed.help) out(usage)
  else process.exitCode = await scoreOf({ top: process.cwd(), equivalents, out }, typed)
} catch (error) {
  process.stderr.write(`test:mutation: ${(error as Error).message}\n`)
  process.exitCode = 2
}
