import t from 'tap'
import { parseSettingKey } from '../../../src/model/config/tune/tune-request.ts'
import { present } from '../../../src/model/words/present.ts'
import {
  settingChangeDocument,
  settingDocument,
  startFilesDocument,
} from '../../../src/output/config/tune-document.ts'
import {
  keptSettingsPart,
  settingChangePart,
  settingPart,
} from '../../../src/output/schemas/tune-schema.ts'

const setting = parseSettingKey('thp')
const path = '/sys/kernel/mm/transparent_hugepage/enabled'
const needs = 'a kernel with CONFIG_TRANSPARENT_HUGEPAGE'

t.test('a setting with all that is known, and with nothing', async (t) => {
  const persisted = { file: '/f', line: 2, text: 'never', value: 'never' }
  const shown = { setting, value: 'madvise', choices: ['madvise', 'never'], persisted }
  const document = present(settingDocument(shown))
  t.strictSame(document, {
    key: 'thp',
    path,
    kind: 'choice',
    value: 'madvise',
    choices: ['madvise', 'never'],
    accepts: 'madvise, never',
    persisted,
    needs,
  })
  t.ok(settingPart.parse(document))
  const accepts = 'always, madvise, never'
  const bare = present(settingDocument({ setting }))
  t.strictSame(bare, { key: 'thp', path, kind: 'choice', accepts, needs })
  t.ok(settingPart.parse(bare))
  const recommended = { value: 2n, why: 'so' }
  t.strictSame(present(settingDocument({ setting, value: 1n, group: 'db', recommended })), {
    key: 'thp',
    path,
    kind: 'choice',
    value: 1n,
    group: 'db',
    accepts,
    recommended: 2n,
    why: 'so',
    needs,
  })
})

t.test('the bounds of a number', async (t) => {
  const none = parseSettingKey('khugepaged-none')
  const document = present(settingDocument({ setting: none, value: 64n, most: 511n }))
  t.strictSame(document, {
    key: 'khugepaged-none',
    path: none.path,
    kind: 'number',
    value: 64n,
    accepts: '0 to 511 base pages',
    least: 0n,
    most: 511n,
    needs,
  })
  t.ok(settingPart.parse(document))
})

t.test('a change', async (t) => {
  const change = { setting, before: 'never', requested: 'always', outcome: 'partial' } as const
  const document = present(settingChangeDocument({ ...change, after: 'never' }))
  t.strictSame(document, {
    key: 'thp',
    path,
    before: 'never',
    requested: 'always',
    after: 'never',
    outcome: 'partial',
  })
  t.ok(settingChangePart.parse(document))
})

t.test('what files of a start say', async (t) => {
  const file = { path: '/f', outcome: 'done', settings: [{ setting, value: 'never' }] } as const
  const other = { setting, file: '/o', line: 3, text: 'always', value: 'always' }
  const document = startFilesDocument({ files: [file], overriddenBy: [other], isRead: true })
  t.strictSame(document, {
    read: true,
    files: [{ path: '/f', outcome: 'done', keys: [{ key: 'thp', value: 'never' }] }],
    overriddenBy: [{ key: 'thp', file: '/o', line: 3, text: 'always' }],
  })
  t.ok(keptSettingsPart.parse(document))
  const gone = startFilesDocument({
    files: [{ ...file, settings: [{ setting }] }],
    overriddenBy: [],
    isRead: false,
  })
  t.strictSame(gone, {
    read: false,
    files: [{ path: '/f', outcome: 'done', keys: [{ key: 'thp', value: undefined }] }],
    overriddenBy: undefined,
  })
})
