import t from 'tap'
import { tuneView } from '../../../src/cli/views/tune-view.ts'
import { HugepoolError } from '../../../src/errors.ts'
import type { ShownSetting } from '../../../src/model/config/tune/found-setting.ts'
import { parseSettingKey } from '../../../src/model/config/tune/tune-request.ts'
import type { SettingsTable } from '../../../src/operations/config/list-settings.ts'
import type { StartFilesSaid } from '../../../src/operations/config/persist-settings.ts'
import type { TuneDryRun, TuneResult } from '../../../src/operations/config/tune-settings.ts'
import { settingChangeDocument, settingDocument } from '../../../src/output/config/tune-document.ts'

const [thp, shmmax, shmmni] = ['thp', 'shmmax', 'shmmni'].map(parseSettingKey) as [
  ShownSetting['setting'],
  ShownSetting['setting'],
  ShownSetting['setting'],
]

/** All of a view, with its rows and its document. */
const all = (
  result: SettingsTable | TuneDryRun | TuneResult,
  names: readonly string[] = ['KEY', 'VALUE'],
) => {
  const { rows, document, ...rest } = tuneView(result)
  const shown = rows?.(names, { bytes: false, raw: false })
  return {
    ...rest,
    document: document(),
    ...(shown && { table: [shown.headings, ...shown.rows.map((row) => row.map((c) => c.text))] }),
  }
}

const shown: ShownSetting = {
  setting: shmmax,
  value: 2n ** 25n,
  recommended: { value: 2n ** 27n, why: 'so' },
}
const missing: ShownSetting = {
  setting: thp,
  persisted: { file: '/f', line: 2, text: 'never', value: 'never' },
}
const table: SettingsTable = {
  kind: 'shown',
  settings: [shown, missing],
  named: false,
  unread: [],
  ownNamespace: false,
}
const quiet = { hints: [], words: [], partial: false }
const documents = [settingDocument(shown), settingDocument(missing)]

t.test('settings, of which nothing is said where none is named', async (t) => {
  t.strictSame(all(table), {
    ...quiet,
    table: [
      ['KEY', 'VALUE'],
      ['shmmax', '32M'],
      ['thp', '-'],
    ],
    notes: [],
    document: { settings: documents, unread: undefined },
  })
})

t.test(
  'settings that are named, in another namespace, with a file that cannot be read',
  async (t) => {
    t.strictSame(all({ ...table, named: true, ownNamespace: true, unread: ['/g'] }), {
      ...quiet,
      table: [
        ['KEY', 'VALUE'],
        ['shmmax', '32M'],
        ['thp', '-'],
      ],
      notes: [
        'shmmax: accepts memory, 0 or more, or max',
        'shmmax: so',
        `${thp.path}: not to be seen: it takes a kernel with CONFIG_TRANSPARENT_HUGEPAGE`,
        'thp: accepts always, madvise, never',
        '/f:2: sets thp at a start',
        'shmmax: of this IPC namespace, not of the machine',
      ],
      words: ['/g: cannot be read: what it sets is not known'],
      document: { settings: documents, unread: ['/g'] },
    })
  },
)

t.test('no setting of a namespace, and two', async (t) => {
  const notes = (...settings: readonly ShownSetting[]) =>
    tuneView({ ...table, settings, ownNamespace: true }).notes
  t.strictSame(notes(missing), [])
  t.strictSame(notes(shown, { setting: shmmni }), [
    'shmmax, shmmni: of this IPC namespace, not of the machine',
  ])
})

const persisted: StartFilesSaid = {
  files: [{ path: '/own', outcome: 'done', settings: [{ setting: thp, value: 'never' }] }],
  lines: ['a line'],
  overriddenBy: [{ setting: thp, file: '/o', line: 3, text: 'always', value: 'always' }],
  isRead: true,
}
const kept = {
  notes: [
    '/own: sets thp to never at every start',
    '/o:3: sets thp to always at a start, and wins',
  ],
  noteHints: ['remove the line from /o, or have it say the same'],
}
const keptDocument = {
  read: true,
  files: [{ path: '/own', outcome: 'done', keys: [{ key: 'thp', value: 'never' }] }],
  overriddenBy: [{ key: 'thp', file: '/o', line: 3, text: 'always' }],
}
const step = { setting: thp, path: '/p', value: 'never', before: 'madvise', requested: 'never' }

t.test('what would be written', async (t) => {
  const dryRun: TuneDryRun = { kind: 'dry-run', plan: { wanted: [step], steps: [step] } }
  t.strictSame(all(dryRun), {
    ...quiet,
    lines: ['echo never > /p'],
    notes: [],
    noteHints: [],
    document: { dryRun: true, writes: [{ path: '/p', value: 'never' }], persisted: undefined },
  })
  const denied = new HugepoolError('E_PERMISSION', 'not-root', 'no')
  t.strictSame(all({ ...dryRun, persisted, denied }), {
    ...quiet,
    ...kept,
    lines: ['echo never > /p', 'a line'],
    denied,
    document: {
      dryRun: true,
      writes: [{ path: '/p', value: 'never' }],
      persisted: keptDocument,
    },
  })
  t.strictSame(all({ kind: 'dry-run', plan: { wanted: [step], steps: [] } }), {
    ...quiet,
    words: ['nothing to do'],
    lines: [],
    notes: [],
    noteHints: [],
    document: { dryRun: true, writes: [], persisted: undefined },
  })
})

const change = {
  setting: shmmax,
  before: 2n ** 24n,
  requested: 2n ** 25n,
  after: 2n ** 25n,
  outcome: 'done',
} as const
const changed: TuneResult = {
  kind: 'changed',
  outcome: 'done',
  changes: [change],
  settings: [shown],
  unread: [],
  ownNamespace: false,
  words: [],
}
const usual = ['KEY', 'VALUE', 'RECOMMENDED', 'PERSISTED', 'WHAT']
const changeTable = [
  ['KEY', 'BEFORE', 'REQUESTED', 'AFTER', 'OUTCOME'],
  ['shmmax', '16M', '32M', '32M', 'done'],
]
const changeDocument = {
  outcome: 'done',
  changes: [settingChangeDocument(change)],
  settings: [settingDocument(shown)],
  persisted: undefined,
}

t.test('what was changed', async (t) => {
  t.strictSame(all(changed, usual), {
    ...quiet,
    table: changeTable,
    notes: [],
    noteHints: [],
    document: changeDocument,
  })
})

t.test('what fell short, was stopped, and is kept', async (t) => {
  const failure = new HugepoolError('E_KERNEL', 'kernel', 'no')
  const short: TuneResult = {
    ...changed,
    outcome: 'partial',
    words: ['a word'],
    ownNamespace: true,
    persisted,
    failure,
    signal: 'SIGTERM',
  }
  t.strictSame(all(short, usual), {
    ...kept,
    hints: [],
    words: ['a word'],
    partial: true,
    failure,
    signal: 'SIGTERM',
    notes: ['shmmax: of this IPC namespace, not of the machine', ...kept.notes],
    table: changeTable,
    document: { ...changeDocument, outcome: 'partial', persisted: keptDocument },
  })
})

t.test('where only files changed there is no table', async (t) => {
  t.strictSame(all({ ...changed, changes: [], persisted }, usual), {
    ...quiet,
    ...kept,
    document: { ...changeDocument, changes: [], persisted: keptDocument },
  })
})
