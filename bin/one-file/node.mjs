// The Node that the program is made of, and what it says of itself.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The file of a processor's Node. */
export const nodeFor = (arch) =>
  execFileSync('sh', [join(import.meta.dirname, 'node.sh'), arch], { encoding: 'utf8' }).trim()

/** The licences of Node and of all that is built into it. */
export const nodeLicence = (arch) => readFileSync(`${nodeFor(arch)}.LICENSE`, 'utf8')

/** The versions of Node and of what is built into it, which do not depend on the processor. */
export const nodeVersions = () =>
  JSON.parse(execFileSync(nodeFor(process.arch), ['-p', 'JSON.stringify(process.versions)']))
