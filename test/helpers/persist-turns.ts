import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { fstabLine, fstabPath } from '../../src/model/mounts/persist/fstab.ts'
import { unitPath, unitText, wantsPath } from '../../src/model/mounts/persist/systemd-unit.ts'
import { beforeCalls, type ChangingCall } from './changing-calls.ts'
import { dropIn, dropInHead } from './lasting-stage.ts'
import { huge, scratch } from './persist.ts'
import { persist } from './persist-words.ts'
import { temporary } from './run.ts'

const before = '# a\n/dev/sda1 / ext4 ro 0 1'
const added = `${before}\n${fstabLine(huge, true)}`
const unit = unitPath('mnt-huge.mount')
const wants = wantsPath('mnt-huge.mount')

/** A machine that keeps nothing yet. */
export const machine = (t: Test) => {
  const root = temporary(t)
  scratch(root, {
    [fstabPath]: before,
    '/etc/systemd/system/x.service': '',
    '/run/systemd/system/x.service': '',
  })
  return root
}

export const put = (root: string, kind: string) => ['put', root, kind, huge.target, `${huge.size}`]
export const take = (root: string) => ['take', root, huge.target]

/** One change of what is kept. */
export interface Turn {
  readonly words: (root: string) => readonly string[]
  /** What has to stand before it. */
  readonly prepare: (root: string) => Promise<void>
  /** Every text that may stand at a path at any moment; undefined where nothing may. */
  readonly states: Readonly<Record<string, readonly (string | undefined)[]>>
  /** In the end. */
  readonly done: Readonly<Record<string, string | undefined>>
}

const text = unitText(huge)
const dropInText = `${dropInHead}\n[mounts."/mnt/huge"]\npage-size = "2M"\nsize = "8M"\nmkdir = true\n`

export const turns = {
  'putting a line': {
    words: (root) => put(root, 'fstab'),
    prepare: async () => {},
    states: { [fstabPath]: [before, added] },
    done: { [fstabPath]: added },
  },
  'taking a line': {
    words: take,
    prepare: (root) => persist(put(root, 'fstab')),
    states: { [fstabPath]: [before, added] },
    done: { [fstabPath]: before },
  },
  'putting a unit': {
    words: (root) => put(root, 'systemd'),
    prepare: async () => {},
    states: { [fstabPath]: [before], [unit]: [undefined, text], [wants]: [undefined, text] },
    done: { [unit]: text, [wants]: text },
  },
  'taking a unit': {
    words: take,
    prepare: (root) => persist(put(root, 'systemd')),
    states: { [fstabPath]: [before], [unit]: [undefined, text], [wants]: [undefined, text] },
    done: { [unit]: undefined, [wants]: undefined },
  },
  'putting into a new drop-in': {
    words: (root) => put(root, 'config'),
    prepare: async () => {},
    states: { [dropIn]: [undefined, dropInText] },
    done: { [dropIn]: dropInText },
  },
  'taking from the drop-in': {
    words: take,
    prepare: (root) => persist(put(root, 'config')),
    states: { [dropIn]: [dropInText, dropInHead] },
    done: { [dropIn]: dropInHead },
  },
} satisfies Readonly<Record<string, Turn>>

/** The text behind a path; the link of a unit leads to the machine's own directory. */
export const textAt = (root: string, path: string): string | undefined => {
  const names = readdirSync(join(root, '/etc/systemd/system'), {
    recursive: true,
    encoding: 'utf8',
  })
  const linked = path === wants && names.includes('local-fs.target.wants/mnt-huge.mount')
  const file = join(root, linked ? unit : path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** What is in the making. */
export const unfinished = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.#'))

/** What every path is, but for the backup of fstab, which may be there or not. */
export const contents = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .map((entry) => [join(entry.parentPath, entry.name), entry] as const)
      .filter(([path]) => !path.endsWith('-backup'))
      .map(([path, entry]) => [
        path.slice(root.length),
        entry.isSymbolicLink()
          ? `-> ${readlinkSync(path)}`
          : entry.isFile()
            ? readFileSync(path, 'utf8')
            : 'directory',
      ]),
  )

/** The name of a file in the making is another one each time. */
export const unnamed = (
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path.replace(/\.#.*/, '.#'), text]),
  )

/** A copy of a machine. */
export const copyOf = (t: Test, root: string): string => {
  const copy = temporary(t)
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

interface Moment {
  readonly call: ChangingCall
  /** A copy of the machine as the call finds it, which is what a process leaves that ends there. */
  readonly root: string
}

/** The machine ahead of every call of one run. */
export const momentsOf = async (
  t: Test,
  fresh: string,
  { words }: Turn,
): Promise<readonly Moment[]> => {
  const root = copyOf(t, fresh)
  const moments: Moment[] = []
  await t.test('one run', async (run) => {
    beforeCalls(run, (call) => moments.push({ call, root: copyOf(t, root) }))
    await persist(words(root))
  })
  return moments
}
