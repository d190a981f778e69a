import { equivalents } from './equivalent.ts'
import { scoreOf } from './score.ts'
import { parseTyped, usage } from './typed.ts'

const out = (text: string): void => {
  process.stdout.write(text)
}

try {
  const typed = parseTyped(process.argv.slice(2))
  if (typed.help) out(usage)
  else process.exitCode = await scoreOf({ top: process.cwd(), equivalents, out }, typed)
} catch (error) {
  process.stderr.write(`test:mutation: ${(error as Error).message}\n`)
  process.exitCode = 2
}
