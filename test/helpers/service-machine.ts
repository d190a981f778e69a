import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { ProgramAnswer } from '../../src/kernel/run-program.ts'
import { directoryTree } from '../../src/kernel/tree.ts'
import { present } from '../../src/model/words/present.ts'
import { caught } from './caught.ts'
import { scratch } from './persist.ts'
import { temporary } from './run.ts'

/** Where the program is on these machines. */
export const node = '/usr/bin/node'
export const hugepool = '/usr/lib/node_modules/hugepool/bin/hugepool.js'
export const root = '1 0 8:1 / / rw - ext4 /dev/vda1 rw\n'
export const ok: ProgramAnswer = { status: 0, stdout: '', stderr: '' }

/** systemd reads its files anew, and does not tell how the service ended. */
export const dull = (words: readonly string[]): ProgramAnswer =>
  words[1] === 'show' ? { ...ok, status: 1 } : ok

/** Files of a machine that systemd starts, and of one that it has started. */
export const usual = {
  '/etc/systemd/system/.keep': '',
  '/proc/self/mountinfo': root,
  [node]: '',
  [hugepool]: '',
}
export const running = { ...usual, '/run/systemd/system/.keep': '' }

/** Every file and link below a directory, with its text or target. */
export const filesIn = (directory: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, join(directory, name), lstatSync(join(directory, name))] as const)
      .map(([name, path, stat]) => {
        if (stat.isSymbolicLink()) return [name, readlinkSync(path)]
        return [name, stat.isFile() ? readFileSync(path, 'latin1') : '(directory)']
      }),
  )

/** A machine below a scratch root, on which programs can be run as on a live one. */
const machine = (
  t: Test,
  files: Readonly<Record<string, string>> = running,
  answer = dull,
  isLive = true,
) => {
  const directory = temporary(t)
  scratch(directory, files)
  mkdirSync(join(directory, '/usr/bin'), { recursive: true })
  symlinkSync(`../lib/node_modules/hugepool/bin/hugepool.js`, join(directory, '/usr/bin/hugepool'))
  const ran: string[] = []
  const run = async (words: readonly string[]) => {
    ran.push(words.join(' '))
    return answer(words)
  }
  return {
    ran,
    root: directory,
    at: (path: string) => join(directory, path),
    text: (path: string) => readFileSync(join(directory, path), 'latin1'),
    files: () => filesIn(directory),
    hugepool: (words: string) =>
      caught(words.split(' '), { outIsTerminal: false, errIsTerminal: false, environment: {} }, {
        tree: directoryTree(directory),
        program: ['/bin/node', '/usr/bin/hugepool'],
        ...present({ run: isLive ? run : undefined }),
      } as Parameters<typeof caught>[2]),
  }
}

/** /bin is a link, as on every machine whose /usr is merged. */
export const serviceMachine = (...given: Parameters<typeof machine>) => {
  const made = machine(...given)
  symlinkSync('usr/bin', made.at('/bin'))
  return made
}
