import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { failureFacts, objectionOf } from '../../../src/errors.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { KeptSetting } from '../../../src/model/config/tune/own-start-file.ts'
import { parseSettingKey } from '../../../src/model/config/tune/tune-request.ts'
import {
  keptDenied,
  planKept,
  startFilesSay,
  writeKept,
} from '../../../src/operations/config/persist-settings.ts'
import { answering } from '../../helpers/failing-files.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

const sysctl = '/etc/sysctl.d/90-hugepool.conf'
const tmpfiles = '/etc/tmpfiles.d/10-hugepool.conf'
const other = '/etc/sysctl.d/99-db.conf'

const head = `# 'hugepool tune --persist' writes this file, and keeps nothing but its settings.
# What else this machine should have belongs into a file of another name.
`
const group: KeptSetting = { setting: parseSettingKey('shm-group'), value: 70n }
const segments: KeptSetting = { setting: parseSettingKey('shmmni'), value: 9n }
const never: KeptSetting = { setting: parseSettingKey('thp'), value: 'never' }
const all = [group, never, segments]

const sysctls = `${head}vm.hugetlb_shm_group = 70\nkernel.shmmni = 9\n`
const writes = `${head}w /sys/kernel/mm/transparent_hugepage/enabled - - - - never\n`

const machine = (t: Test, files: Readonly<Record<string, string>> = {}): string => {
  const root = temporary(t)
  scratch(root, { '/etc/sysctl.d/.keep': '', '/etc/tmpfiles.d/.keep': '', ...files })
  return root
}

const plan = (root: string, kept: readonly KeptSetting[] = all, dryRun = false) =>
  planKept(directoryTree(root), kept, dryRun)

const say = (root: string, kept: readonly KeptSetting[] = all) =>
  startFilesSay(directoryTree(root), plan(root, kept))

const text = (root: string, path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined

const sysctlStep = {
  do: 'replace',
  path: sysctl,
  after: sysctls,
  shell: ['mkdir -p /etc/sysctl.d', `cat > ${sysctl} <<'END'\n${sysctls}END`],
}
const tmpfilesStep = {
  do: 'replace',
  path: tmpfiles,
  after: writes,
  shell: ['mkdir -p /etc/tmpfiles.d', `cat > ${tmpfiles} <<'END'\n${writes}END`],
}

t.test('each file is planned once, in the order of the settings', async (t) => {
  const root = machine(t)
  const files = [
    { kind: 'sysctl', path: sysctl, after: sysctls, step: sysctlStep },
    { kind: 'tmpfiles', path: tmpfiles, after: writes, step: tmpfilesStep },
  ]
  t.strictSame(plan(root), { kept: all, files })
  t.strictSame(plan(root, [never]), { kept: [never], files: files.slice(1) })
  t.strictSame(
    plan(root, [never, group, segments]).files.map(({ kind }) => kind),
    ['tmpfiles', 'sysctl'],
  )
})

const denied = [
  {
    code: 'E_PERMISSION',
    reason: 'read-only',
    message: `${tmpfiles}: read-only file system`,
    hint: 'make /etc writable, or write it where the image of this machine is made',
    hints: ['make /etc writable, or write it where the image of this machine is made'],
  },
]

t.test('what would keep it from being written', async (t) => {
  const root = machine(t)
  t.strictSame(keptDenied(directoryTree(root), plan(root)), undefined)
  answering(t, join(root, '/etc/tmpfiles.d'), 'EROFS', ['accessSync'])
  t.strictSame(objectionOf(() => plan(root)).map(failureFacts), denied)
  t.strictSame(
    objectionOf(() => plan(root, [group])),
    [],
    'the other file can be written',
  )
  const dry = plan(root, all, true)
  t.strictSame(
    [keptDenied(directoryTree(root), dry)].flatMap((error) => (error ? failureFacts(error) : [])),
    denied,
  )
})

t.test('of several refusals the first one is told', async (t) => {
  const root = machine(t)
  answering(t, /\/etc\/(?:sysctl|tmpfiles)\.d$/, 'EROFS', ['accessSync'])
  const error = keptDenied(directoryTree(root), plan(root, all, true))
  t.equal(error?.message, `${sysctl}: read-only file system`)
})

t.test('all files are written, and what a killed one left goes', async (t) => {
  const left = '/etc/tmpfiles.d/.#hugepool-00000001'
  const root = machine(t, { [left]: 'half', [sysctl]: `${head}kernel.shmmni = 1\n` })
  writeKept(portsOn(root), plan(root, [never, segments]))
  t.strictSame(
    [sysctl, tmpfiles, left].map((path) => text(root, path)),
    [`${head}kernel.shmmni = 9\n`, writes, undefined],
  )
})

t.test('leftovers go beside a file that is taken away', async (t) => {
  const left = '/etc/sysctl.d/.#hugepool-00000001'
  const root = machine(t, { [left]: 'half', [sysctl]: `${head}kernel.shmmni = 9\n` })
  writeKept(portsOn(root), plan(root, [{ setting: segments.setting }]))
  t.strictSame(
    [sysctl, left].map((path) => text(root, path)),
    [undefined, undefined],
  )
})

t.test('leftovers go beside a file that says all already', async (t) => {
  const left = '/etc/sysctl.d/.#hugepool-00000001'
  const said = `${head}kernel.shmmni = 9\n`
  const root = machine(t, { [left]: 'half', [sysctl]: said })
  const planned = plan(root, [segments])
  t.strictSame(
    planned.files.map(({ step }) => step),
    [undefined],
  )
  writeKept(portsOn(root), planned)
  t.strictSame(
    [sysctl, left].map((path) => text(root, path)),
    [said, undefined],
  )
})

t.test('none is written where one cannot be', async (t) => {
  const root = machine(t)
  const planned = plan(root)
  mkdirSync(join(root, tmpfiles))
  t.equal(objectionOf(() => writeKept(portsOn(root), planned)).length, 1)
  t.strictSame(text(root, sysctl), undefined)
})

t.test('what the files come to', async (t) => {
  t.strictSame(say(machine(t, { '/run/systemd/system/.keep': '' })), {
    files: [
      { path: sysctl, outcome: 'done', settings: [group, segments] },
      { path: tmpfiles, outcome: 'done', settings: [never] },
    ],
    lines: [...sysctlStep.shell, ...tmpfilesStep.shell],
    overriddenBy: [],
    isRead: true,
  })
})

t.test('a file that says it already, and a machine that does not read it', async (t) => {
  t.strictSame(say(machine(t, { [sysctl]: sysctls, '/run/openrc/.keep': '' })), {
    files: [
      { path: sysctl, outcome: 'unchanged', settings: [group, segments] },
      { path: tmpfiles, outcome: 'done', settings: [never] },
    ],
    lines: tmpfilesStep.shell,
    overriddenBy: [],
    isRead: false,
  })
})

t.test('what others set otherwise, after the new file and not before it', async (t) => {
  const root = machine(t, {
    '/etc/sysctl.d/10-a.conf': 'vm.hugetlb_shm_group = 3\n',
    [other]: '\nkernel.shmmni = 4\nvm.hugetlb_shm_group = 70\n',
  })
  t.strictSame(say(root).overriddenBy, [
    { setting: segments.setting, file: other, line: 2, text: '4', value: 4n },
  ])
})

t.test('a setting that is not kept any more, and a file that goes', async (t) => {
  const gone: KeptSetting = { setting: segments.setting }
  const root = machine(t, {
    [sysctl]: `${head}kernel.shmmni = 9\n`,
    '/etc/sysctl.d/10-a.conf': 'kernel.shmmni = 4\n',
  })
  t.strictSame(say(root, [gone]), {
    files: [{ path: sysctl, outcome: 'done', settings: [gone] }],
    lines: [`rm ${sysctl}`],
    overriddenBy: [
      {
        setting: segments.setting,
        file: '/etc/sysctl.d/10-a.conf',
        line: 1,
        text: '4',
        value: 4n,
      },
    ],
    isRead: false,
  })
})
