import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { failureFacts, objectionOf } from '../../../src/errors.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { KeptSetting } from '../../../src/model/config/tune/own-start-file.ts'
import { parseSettingKey } from '../../../src/model/config/tune/tune-request.ts'
import { startFileStep } from '../../../src/operations/config/start-file-step.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

const sysctl = '/etc/sysctl.d/90-hugepool.conf'
const tmpfiles = '/etc/tmpfiles.d/10-hugepool.conf'

const head = `# 'hugepool tune --persist' writes this file, and keeps nothing but its settings.
# What else this machine should have belongs into a file of another name.
`
const setting = parseSettingKey('shm-group')
const seventy: readonly KeptSetting[] = [{ setting, value: 70n }]
const nothing: readonly KeptSetting[] = [{ setting }]
const after = `${head}vm.hugetlb_shm_group = 70\n`
const cat = `cat > ${sysctl} <<'END'\n${after}END`

/** A machine on which the file of sysctls has a text; without one there is no file. */
const machine = (t: Test, text?: string) => {
  const root = temporary(t)
  if (text !== undefined) scratch(root, { [sysctl]: text })
  return directoryTree(root)
}

t.test('a file that is made, with its directory', async (t) => {
  t.strictSame(startFileStep(machine(t), 'sysctl', seventy), {
    kind: 'sysctl',
    path: sysctl,
    after,
    step: {
      do: 'replace',
      path: sysctl,
      after,
      shell: ['mkdir -p /etc/sysctl.d', cat],
    },
  })
})

t.test('each kind has its own file, and its own settings in it', async (t) => {
  const both = [...seventy, { setting: parseSettingKey('thp'), value: 'never' }]
  const line = `${head}w /sys/kernel/mm/transparent_hugepage/enabled - - - - never\n`
  t.strictSame(startFileStep(machine(t), 'tmpfiles', both), {
    kind: 'tmpfiles',
    path: tmpfiles,
    after: line,
    step: {
      do: 'replace',
      path: tmpfiles,
      after: line,
      shell: ['mkdir -p /etc/tmpfiles.d', `cat > ${tmpfiles} <<'END'\n${line}END`],
    },
  })
})

t.test('a file that says something else keeps it', async (t) => {
  const before = `${head}vm.hugetlb_shm_group = 5\nkernel.shmmni = 9\n`
  const merged = `${after}kernel.shmmni = 9\n`
  t.strictSame(startFileStep(machine(t, before), 'sysctl', seventy), {
    kind: 'sysctl',
    path: sysctl,
    after: merged,
    step: {
      do: 'replace',
      path: sysctl,
      before,
      after: merged,
      shell: [`cat > ${sysctl} <<'END'\n${merged}END`],
    },
  })
})

t.test('no byte of what stays is changed, be it text or not', async (t) => {
  const mine = '# f\xc3\xbcr die Datenbank \xff\n'
  const other = 'kernel.domainname = f\xc3\xa0\xfe\n'
  const merged = `${head}${other}vm.hugetlb_shm_group = 70\n`
  const printed = (line: string) => `printf '${line}\\012'`
  t.strictSame(startFileStep(machine(t, `${head}${mine}${other}`), 'sysctl', seventy), {
    kind: 'sysctl',
    path: sysctl,
    after: merged,
    step: {
      do: 'replace',
      path: sysctl,
      before: `${head}${mine}${other}`,
      after: merged,
      shell: [
        `{ ${[
          printed(head.split('\n')[0]?.replaceAll("'", "'\\''") ?? ''),
          printed(head.split('\n')[1] ?? ''),
          printed('kernel.domainname = f\u00e0\\376'),
          printed('vm.hugetlb_shm_group = 70'),
        ].join('\n')}\n} > ${sysctl}`,
      ],
    },
  })
  const already = `${merged}kernel.x = \xff\n`
  t.strictSame(startFileStep(machine(t, already), 'sysctl', seventy), {
    kind: 'sysctl',
    path: sysctl,
    after: already,
  })
})

t.test('an empty file is nobody else\u2019s', async (t) => {
  t.strictSame(startFileStep(machine(t, ''), 'sysctl', seventy), {
    kind: 'sysctl',
    path: sysctl,
    after,
    step: { do: 'replace', path: sysctl, before: '', after, shell: [cat] },
  })
})

t.test('a file that says it already is left alone', async (t) => {
  t.strictSame(startFileStep(machine(t, after), 'sysctl', seventy), {
    kind: 'sysctl',
    path: sysctl,
    after,
  })
})

t.test('a file in which nothing is left goes', async (t) => {
  t.strictSame(startFileStep(machine(t), 'sysctl', nothing), { kind: 'sysctl', path: sysctl })
  t.strictSame(startFileStep(machine(t, after), 'sysctl', nothing), {
    kind: 'sysctl',
    path: sysctl,
    step: { do: 'remove', path: sysctl, before: after },
  })
  t.strictSame(startFileStep(machine(t, ''), 'sysctl', nothing), {
    kind: 'sysctl',
    path: sysctl,
    step: { do: 'remove', path: sysctl, before: '' },
  })
})

const refusedWith = (reason: string, message: string, hint: string) => [
  { code: 'E_REFUSED', reason, message, hint, hints: [hint] },
]

t.test('the file of somebody else is refused', async (t) => {
  const tree = machine(t, `#\n${after}`)
  t.strictSame(
    objectionOf(() => startFileStep(tree, 'sysctl', seventy)).map(failureFacts),
    refusedWith(
      'not-ours',
      `${sysctl} was not written by hugepool`,
      'give it another name: hugepool keeps no comments in it',
    ),
  )
  t.strictSame(
    objectionOf(() => startFileStep(tree, 'tmpfiles', seventy)),
    [],
  )
})

t.test('a link to the null device is refused, another is followed', async (t) => {
  const linked = (to: string) => {
    const root = temporary(t)
    scratch(root, { '/srv/own.conf': after })
    mkdirSync(dirname(join(root, sysctl)), { recursive: true })
    symlinkSync(to, join(root, sysctl))
    return directoryTree(root)
  }
  t.strictSame(
    objectionOf(() => startFileStep(linked('/dev/null'), 'sysctl', nothing)).map(failureFacts),
    refusedWith(
      'masked',
      `${sysctl} is a link to /dev/null, which switches it off`,
      `remove it: rm ${sysctl}`,
    ),
  )
  t.strictSame(startFileStep(linked('/srv/own.conf'), 'sysctl', seventy), {
    kind: 'sysctl',
    path: sysctl,
    after,
  })
})
