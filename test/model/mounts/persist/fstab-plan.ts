import t, { type Test } from 'tap'
import { fstabLine } from '../../../../src/model/mounts/persist/fstab.ts'
import { planLine, planLineRemoval } from '../../../../src/model/mounts/persist/fstab-plan.ts'
import type { PersistFacts } from '../../../../src/model/mounts/persist/persist-facts.ts'
import { huge } from '../../../helpers/persist.ts'

const path = '/etc/fstab'
const backup = '/etc/fstab.hugepool-backup'
const line = fstabLine(huge, false)
const nothing = { kind: 'nothing' } as const
const facts = (fstab?: string, systemd = false): PersistFacts => ({
  unit: nothing,
  wants: nothing,
  systemd,
  systemdRuns: false,
  ...(fstab !== undefined && { fstab }),
})
const sed = (script: string) => `sed -i --follow-symlinks ${script} ${path}`

const stepOf = (before: string | undefined, change: { after: string; shell: string }) => ({
  do: 'replace',
  path,
  ...(before !== undefined && { before, backup }),
  after: change.after,
  shell: [change.shell],
})

const isPlan = (t: Test, plan: unknown, ...steps: readonly unknown[]) =>
  t.strictSame(plan, { kind: 'fstab', path, steps })

t.test('a line is added to what there is, which is kept', async (t) => {
  for (const [before, after, format] of [
    ['# a\n', `# a\n${line}\n`, '%s\\n'],
    ['# a', `# a\n${line}`, '\\n%s'],
    ['', `${line}\n`, '%s\\n'],
    [undefined, `${line}\n`, '%s\\n'],
  ] as const) {
    const shell = `printf '${format}' '${line}' >> ${path}`
    isPlan(t, planLine(facts(before), huge), stepOf(before, { after, shell }))
  }
})

t.test('a line of hugepool is replaced where it stands, or is right already', async (t) => {
  const other = fstabLine({ ...huge, target: '/mnt/a&b|c\\d' }, false)
  const target = '/mnt/a&b|c\\d'
  const before = `# a\n${other}\n`
  const changed = fstabLine({ ...huge, target, mode: '0700' }, false)
  const script = `'2s|.*|${changed.replace('a&b|c\\134d', 'a\\&b\\|c\\\\134d')}|'`
  isPlan(
    t,
    planLine(facts(before), { ...huge, target, mode: '0700' }),
    stepOf(before, { after: `# a\n${changed}\n`, shell: sed(script) }),
  )
  isPlan(t, planLine(facts(before), { ...huge, target }))
  t.match(planLine(facts('', true), huge).steps, [{ after: `${fstabLine(huge, true)}\n` }])
})

t.test('a line goes, and nothing else', async (t) => {
  const gone = (before: string) => planLineRemoval(facts(before), huge.target)
  const middle = `# a\n${line}\n# b\n`
  const [plan, ...more] = gone(middle)
  t.strictSame(more, [])
  isPlan(t, plan, stepOf(middle, { after: '# a\n# b\n', shell: sed('2d') }))
  const only = `${line}\n`
  isPlan(t, gone(only)[0], stepOf(only, { after: '', shell: sed('1d') }))
  const last = `# a\n${line}`
  isPlan(t, gone(last)[0], stepOf(last, { after: '# a', shell: `truncate -s 3 ${path}` }))
  t.strictSame(gone('# a\n'), [], 'where hugepool has no line')
  t.strictSame(planLineRemoval(facts(), huge.target), [], 'or there is no file')
})
