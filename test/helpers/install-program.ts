import { HugepoolError } from '../../src/errors.ts'
import { installWords } from '../../src/operations/boot/install-words.ts'
import { removeWords } from '../../src/operations/boot/remove-words.ts'
import { loaderPorts, textsBelow } from './loader-ports.ts'

/*
 * Installs words through the boot loader of a machine below a root, or removes them, as a program of
 * its own: what came of it, and every file then, is printed as JSON.
 */
const [ask, root = '', sequence = ''] = process.argv.slice(2)
const usual = { replace: false, dryRun: false }

const act = async () =>
  ask === 'install'
    ? installWords(loaderPorts(root), { ...usual, sequence })
    : removeWords(loaderPorts(root), usual)

const told = async () => {
  try {
    return { outcome: (await act()).outcome }
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    const { code, reason, message } = error
    return { code, reason, message }
  }
}

process.stdout.write(`${JSON.stringify({ ...(await told()), texts: textsBelow(root) })}\n`)
