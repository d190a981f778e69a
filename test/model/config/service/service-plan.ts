import t from 'tap'
import {
  serviceMark as mark,
  type ServiceKind,
} from '../../../../src/model/config/service/service-kind.ts'
import {
  isLinked,
  planService,
  planServiceRemoval,
  type ServiceFacts,
} from '../../../../src/model/config/service/service-plan.ts'
import type { EtcEntry } from '../../../../src/model/etc/etc-entry.ts'

const nothing: EtcEntry = { kind: 'nothing' }
const file = (text: string): EtcEntry => ({ kind: 'file', text })
const link = (to: string): EtcEntry => ({ kind: 'link', to })
const unit = '/etc/systemd/system/hugepool.service'
const wants = '/etc/systemd/system/sysinit.target.wants/hugepool.service'
const text = `${mark}\nx\n`

const facts = (more: Partial<ServiceFacts> = {}): ServiceFacts => ({
  kind: 'systemd',
  file: nothing,
  link: nothing,
  runs: true,
  ...more,
})

const write = {
  do: 'replace',
  path: unit,
  after: text,
  shell: [`cat > ${unit} <<'END'\n${text}END`],
} as const
const enable = { do: 'link', path: wants, to: unit } as const
const reload = [['systemctl', 'daemon-reload']]

t.test('a unit and its link', async (t) => {
  t.strictSame(planService(facts(), text, false), { steps: [write, enable], programs: reload })
  t.strictSame(planService(facts({ runs: false }), text, false).programs, [])
  const own = { file: file(`${mark}\nold`), link: link(unit) }
  t.strictSame(planService(facts(own), text, false), {
    steps: [{ ...write, before: `${mark}\nold` }],
    programs: reload,
  })
  for (const to of [unit, '../hugepool.service'])
    t.strictSame(planService(facts({ file: file(text), link: link(to) }), text, false), {
      steps: [],
      programs: [],
    })
  t.strictSame(planService(facts({ file: file(text) }), text, false).steps, [enable])
})

t.test('scripts of the other inits', async (t) => {
  const plan = (kind: ServiceKind) => planService(facts({ kind }), text, false)
  const script = '/etc/init.d/hugepool'
  const step = {
    do: 'replace',
    path: script,
    after: text,
    mode: 0o755,
    shell: [`cat > ${script} <<'END'\n${text}END`, `chmod 755 ${script}`],
  }
  t.strictSame(plan('openrc'), {
    steps: [step, { do: 'link', path: '/etc/runlevels/boot/hugepool', to: script }],
    programs: [],
  })
  t.strictSame(plan('sysvinit'), {
    steps: [step],
    programs: [['update-rc.d', 'hugepool', 'defaults']],
  })
  const core = '/etc/runit/core-services/09-hugepool.sh'
  t.strictSame(plan('runit'), {
    steps: [{ ...write, path: core, shell: [`cat > ${core} <<'END'\n${text}END`] }],
    programs: [],
  })
})

const refusal = (run: () => unknown) => {
  try {
    run()
    return undefined
  } catch (error) {
    const { code, reason, message, hint } = error as Record<string, unknown>
    return { code, reason, message, hint }
  }
}

t.test('services of others are refused', async (t) => {
  const refused = { code: 'E_REFUSED', reason: 'not-ours' }
  const install = (more: Partial<ServiceFacts>, overwrites = false) =>
    refusal(() => planService(facts(more), text, overwrites))
  t.strictSame(install({ file: file('x') }), {
    ...refused,
    message: `${unit} was not written by hugepool`,
    hint: '--force replaces it; the changes of an administrator belong into hugepool.service.d',
  })
  t.equal(install({ file: file('x') }, true), undefined)
  const packaged = '/usr/lib/systemd/system/hugepool.service'
  t.strictSame(install({ packaged }), {
    ...refused,
    message: `${packaged} is there already, from a package`,
    hint: "'systemctl enable hugepool' starts it; --force overrides it",
  })
  t.equal(install({ packaged }, true), undefined)
  t.equal(install({ packaged, file: file(text) }), undefined)
  for (const overwrites of [false, true]) {
    t.strictSame(install({ file: link('/x') }, overwrites), {
      ...refused,
      message: `${unit} is a symbolic link to /x`,
      hint: `remove it: rm ${unit}`,
    })
    t.strictSame(install({ file: link('/dev/null') }, overwrites), {
      code: 'E_REFUSED',
      reason: 'masked',
      message: `${unit} is a symbolic link to /dev/null`,
      hint: 'systemctl unmask hugepool',
    })
    for (const other of [file(''), link('/x')])
      t.strictSame(install({ link: other }, overwrites), {
        ...refused,
        message: `${wants} was not written by hugepool`,
        hint: `remove it: rm ${wants}`,
      })
  }
})

t.test('a removal takes the link first', async (t) => {
  const remove = { do: 'remove', path: unit, before: text } as const
  const unlink = { do: 'unlink', path: wants, to: '../hugepool.service' } as const
  t.strictSame(planServiceRemoval(facts({ file: file(text), link: link('../hugepool.service') })), {
    steps: [unlink, remove],
    programs: [['systemctl', 'reset-failed', 'hugepool.service*'], ...reload],
  })
  t.strictSame(planServiceRemoval(facts({ file: file(text), runs: false })).programs, [])
  t.strictSame(planServiceRemoval(facts({ file: file(text), link: link('/x') })).steps, [remove])
  t.strictSame(planServiceRemoval(facts({ link: link(unit) })), { steps: [], programs: [] })
  t.strictSame(planServiceRemoval(facts({ kind: 'sysvinit', file: file(text) })).programs, [
    ['update-rc.d', 'hugepool', 'remove'],
  ])
  for (const other of [file('x'), link('/x')])
    t.strictSame(
      refusal(() => planServiceRemoval(facts({ file: other }))),
      {
        code: 'E_REFUSED',
        reason: 'not-ours',
        message: `${unit} was not written by hugepool`,
        hint: `remove it: rm ${unit}`,
      },
    )
})

t.test('whether a link enables', async (t) => {
  t.ok(isLinked({ kind: 'openrc', link: link('/etc/init.d/hugepool') }))
  t.notOk(isLinked({ kind: 'openrc', link: link(unit) }))
  t.notOk(isLinked({ kind: 'systemd', link: nothing }))
})
