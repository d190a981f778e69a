import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ports } from '../../src/operations/ports.ts'
import { standIns } from './loader-programs.ts'
import { portsOn } from './persist.ts'

/** Every file below a root with its text. Directories that became empty are nobody's words. */
export const textsBelow = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, join(root, name)] as const)
      .filter(([name, path]) => lstatSync(path).isFile() && name !== 'bootc-source')
      .map(([name, path]) => [name, readFileSync(path, 'latin1')]),
  )

/** Ports on a machine whose programs are stand-ins, each run of which is noted. */
export const loaderPorts = (root: string, ran: string[] = []): Ports => ({
  ...portsOn(root),
  note: () => {},
  run: async (words) => {
    const [name = ''] = words
    const standIn = standIns[name]
    if (standIn === undefined) throw new Error(`no stand-in for ${name}`)
    if (!words.includes('--help') && words.join(' ') !== 'rpm-ostree kargs')
      ran.push(words.join(' '))
    return standIn(root, words)
  },
})
