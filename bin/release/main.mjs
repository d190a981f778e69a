// Looks whether this commit can be released, and shows what would be published: main.mjs [--dry-run].
// Without --dry-run it also writes the package, the lists of what is inside and the sums to release/,
// and prints the commands that publish them.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { release } from './release.mjs'

const typed = () => {
  try {
    return parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } }).values
  } catch (error) {
    process.stderr.write(`release: ${error.message}\nnpm run release -- [--dry-run]\n`)
    return undefined
  }
}

const look = (dryRun) => {
  try {
    const { can, text } = release(join(import.meta.dirname, '../..'), dryRun)
    process.stdout.write(text)
    return can ? 0 : 1
  } catch (error) {
    // What git and npm say against it.
    process.stderr.write(`release: ${error.stderr?.toString().trim() || error.message}\n`)
    return 1
  }
}

const values = typed()
process.exitCode = values === undefined ? 2 : look(values['dry-run'])
