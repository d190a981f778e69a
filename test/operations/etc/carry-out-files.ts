import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { FileStep } from '../../../src/model/etc/file-step.ts'
import { carryOutFiles, carryOutTold } from '../../../src/operations/etc/carry-out-files.ts'
import { beforeCalls, diskFull } from '../../helpers/changing-calls.ts'
import { answering } from '../../helpers/failing-files.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { filesBelow, temporary } from '../../helpers/run.ts'

const foundIn = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8') : undefined

const shell: readonly string[] = []
const enable = '/etc/wants/x.mount'

t.test('where a step fails those before it are taken back', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a', '/etc/gone': 'gone', '/etc/wants/y': '' })
  symlinkSync('/dev/null', join(root, 'etc/off'))
  symlinkSync('/dev/null', join(root, enable))
  const before = filesBelow(root, false)
  const steps: readonly FileStep[] = [
    { do: 'replace', path: '/etc/a', before: 'a', after: 'b', shell },
    { do: 'replace', path: '/etc/new', after: 'new', shell },
    { do: 'remove', path: '/etc/gone', before: 'gone' },
    { do: 'unlink', path: '/etc/off', to: '/dev/null' },
    { do: 'link', path: '/etc/other.wants/x.mount', to: '/etc/a' },
    { do: 'link', path: enable, to: '/etc/a' },
  ]
  t.throws(() => carryOutFiles(portsOn(root), steps), { message: /^\/etc\/wants\/x\.mount: / })
  t.strictSame(filesBelow(root, false), before)
})

const asRoot = process.getuid?.() === 0 ? false : 'needs root to give a file away'

t.test('a removed file comes back as it was', { skip: asRoot }, async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a', '/etc/b': 'b' })
  const file = join(root, 'etc/a')
  chownSync(file, 12, 34)
  chmodSync(file, 0o4750)
  const removing = (path: string, before: string): FileStep => ({ do: 'remove', path, before })
  const steps = [removing('/etc/a', 'a'), removing('/etc/b', 'other')]
  t.throws(() => carryOutFiles(portsOn(root), steps), { code: 'E_REFUSED' })
  t.hasStrict(statSync(file), { uid: 12, gid: 34, mode: 0o104750 })
})

t.test('a link that leads nowhere is there until it is removed', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/wants/y': '' })
  symlinkSync('/nowhere', join(root, enable))
  const step: FileStep = { do: 'unlink', path: enable, to: '/nowhere' }
  const told: string[] = []
  const note = (text: string) => told.push(text)
  const did = (_: string, words: string) => told.push(words)
  beforeCalls(t, (call) => {
    if (call === 'unlink') throw diskFull(call)
  })
  for (const carryOut of [
    () => carryOutFiles({ ...portsOn(root), note, did }, [step]),
    () => carryOutTold({ ...portsOn(root), note, did }, step),
  ])
    t.throws(carryOut, { code: 'E_KERNEL' })
  t.strictSame(told, [])
  t.equal(readlinkSync(join(root, enable)), '/nowhere')
})

t.test('what cannot be taken back is said', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a' })
  const notes: string[] = []
  const ports = {
    ...portsOn(root),
    note: (text: string) => notes.push(text),
    did: () => writeFileSync(join(root, 'etc/new'), 'of others'),
  }
  const steps: readonly FileStep[] = [
    { do: 'replace', path: '/etc/new', after: 'new', shell },
    { do: 'remove', path: '/etc/a', before: 'other' },
  ]
  t.throws(() => carryOutFiles(ports, steps), { code: 'E_REFUSED' })
  t.strictSame(notes, [
    '/etc/new is not as it was before: /etc/new was changed by somebody else meanwhile',
  ])
  t.equal(readFileSync(join(root, 'etc/a'), 'utf8'), 'a')
})

t.test('a fault of the program while a step is taken back is not passed over', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a' })
  const fault = new TypeError('a fault')
  const ports = portsOn(root)
  const steps: readonly FileStep[] = [{ do: 'remove', path: '/etc/a', before: 'other' }]
  /** Carries them out where the root may be asked for so many times, and counts how often it is. */
  const askedFor = (most: number, error: { readonly code: string } | Error): number => {
    let asked = 0
    const tree = {
      ...ports.tree,
      get root() {
        asked += 1
        if (asked > most) throw fault
        return root
      },
    }
    t.throws(() => carryOutFiles({ ...ports, tree }, steps), error)
    return asked
  }
  const all = askedFor(100, { code: 'E_REFUSED' })
  askedFor(all - 1, fault)
})

const withBackup: FileStep = {
  do: 'replace',
  path: '/etc/a',
  before: 'a',
  after: 'b',
  backup: '/etc/a.backup',
  shell,
}

t.test('a backup that was made for nothing goes', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a', '/etc/b': 'b' })
  const before = filesBelow(root, false)
  const failing: FileStep = { do: 'remove', path: '/etc/b', before: 'other' }
  t.throws(() => carryOutFiles(portsOn(root), [withBackup, failing]), { code: 'E_REFUSED' })
  t.strictSame(filesBelow(root, false), before)
})

t.test('one that was there before stays', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a', '/etc/b': 'b', '/etc/a.backup': 'older' })
  const failing: FileStep = { do: 'remove', path: '/etc/b', before: 'other' }
  t.throws(() => carryOutFiles(portsOn(root), [withBackup, failing]), { code: 'E_REFUSED' })
  const text = (name: string) => readFileSync(join(root, name), 'utf8')
  t.strictSame(['etc/a', 'etc/b', 'etc/a.backup'].map(text), ['a', 'b', 'a'])
})

/** The deeds that are told where the second rename, that of the file itself, fails. */
const toldOf = (t: Test, files: Readonly<Record<string, string>>, more = () => {}) => {
  const root = temporary(t)
  scratch(root, files)
  const deeds: string[] = []
  let renames = 0
  beforeCalls(t, (call) => {
    renames += call === 'rename' ? 1 : 0
    if (call !== 'rename' || renames !== 2) return
    more()
    throw diskFull(call)
  })
  const did = (_: string, words: string) => deeds.push(words)
  const notes: string[] = []
  const ports = { ...portsOn(root), did, note: (words: string) => notes.push(words) }
  t.throws(() => carryOutFiles(ports, [withBackup]), { code: 'E_KERNEL' })
  return { deeds, notes: notes.slice(-1), backup: foundIn(join(root, 'etc/a.backup')) }
}

t.test('a step that fails tells of the older backup that it wrote over', async (t) => {
  const backup = { '/etc/a.backup': 'older' }
  t.strictSame(toldOf(t, { '/etc/a': 'a', ...backup }), {
    deeds: ['/etc/a.backup written'],
    notes: ['/etc/a.backup is written, with what /etc/a held'],
    backup: 'a',
  })
})

t.test('not of one that it did not change', async (t) => {
  t.strictSame(toldOf(t, { '/etc/a': 'a', '/etc/a.backup': 'a' }), {
    deeds: [],
    notes: [],
    backup: 'a',
  })
})

t.test('not of a new one, which goes again', async (t) => {
  t.strictSame(toldOf(t, { '/etc/a': 'a' }), { deeds: [], notes: [], backup: undefined })
})

t.test('but of a new one that stays, as what became of the file cannot be seen', async (t) => {
  const hide = () => answering(t, /\/etc\/a$/, 'EIO', ['openSync'])
  t.strictSame(toldOf(t, { '/etc/a': 'a' }, hide), {
    deeds: ['/etc/a written', '/etc/a.backup written'],
    notes: ['/etc/a.backup is written, with what /etc/a held'],
    backup: 'a',
  })
})

t.test('what was done is noted, and what was taken back is not', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a', '/etc/b': 'b' })
  const deeds = new Map<string, string>()
  const ports = {
    ...portsOn(root),
    did: (subject: string, words: string) => deeds.set(subject, words),
    undid: (subject: string) => deeds.delete(subject),
  }
  const failing: FileStep = { do: 'remove', path: '/etc/b', before: 'other' }
  t.throws(() => carryOutFiles(ports, [withBackup, failing]), { code: 'E_REFUSED' })
  t.strictSame([...deeds], [])
  carryOutFiles(ports, [withBackup, { do: 'remove', path: '/etc/b', before: 'b' }])
  t.strictSame([...deeds.values()], ['/etc/a written', '/etc/a.backup written', '/etc/b removed'])
})

t.test('a single step that fails is told of where its file is changed', async (t) => {
  const step: FileStep = { do: 'replace', path: '/etc/a', before: 'a', after: 'b', shell }
  for (const [which, deeds] of [
    [1, []],
    // The directory is synced after the file is in its place.
    [2, ['/etc/a written']],
    [3, ['/etc/a written']],
  ] as const)
    await t.test(`${which}`, async (t) => {
      const root = temporary(t)
      scratch(root, { '/etc/a': 'a' })
      let syncs = 0
      beforeCalls(t, (call) => {
        syncs += call === 'fsync' ? 1 : 0
        if (call === 'fsync' && syncs === which) throw diskFull(call)
      })
      const told: string[] = []
      const ports = { ...portsOn(root), did: (_: string, words: string) => told.push(words) }
      const carryOut = () => carryOutTold(ports, step)
      if (which < 3) t.throws(carryOut, { code: 'E_KERNEL' })
      else carryOut()
      t.strictSame(told, deeds)
      t.equal(foundIn(join(root, 'etc/a')), deeds.length > 0 ? 'b' : 'a')
    })
})

t.test('signals are noted from before the first change on, where there is one', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/a': 'a' })
  const seen: (string | undefined)[] = []
  const watchSignals = () => {
    seen.push(foundIn(join(root, 'etc/a')))
    return { pending: () => undefined }
  }
  const ports = { ...portsOn(root), watchSignals }
  carryOutFiles(ports, [])
  t.strictSame(seen, [])
  carryOutFiles(ports, [{ do: 'remove', path: '/etc/a', before: 'a' }])
  t.strictSame(seen, ['a'])
})
