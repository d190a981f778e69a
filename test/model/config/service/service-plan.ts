import t from 'tap'
import { packagedText } from '../../../../src/model/config/service/packaged-unit.ts'
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

const unitOfPackage = {
  path: '/usr/lib/systemd/system/hugepool.service',
  text: packagedText(text),
}
const enablePackaged = { do: 'link', path: wants, to: unitOfPackage.path } as const

t.test('the service of the package of hugepool is enabled, and none is written', async (t) => {
  const packaged = unitOfPackage
  for (const force of [false, true])
    t.strictSame(planService(facts({ packaged }), text, force), {
      steps: [enablePackaged],
      programs: reload,
    })
  for (const to of [packaged.path, '/lib/systemd/system/hugepool.service'])
    t.strictSame(planService(facts({ packaged, link: link(to) }), text, false), {
      steps: [],
      programs: [],
    })
  const differs = { ...packaged, text: `${packaged.text}y\n` }
  t.strictSame(planService(facts({ packaged: differs }), text, true).steps, [write, enable])
  t.throws(() => planService(facts({ packaged: differs }), text, false), {
    message: `${packaged.path} is there already, from a package`,
  })
  t.throws(() => planService(facts({ packaged, link: link('/x') }), text, true), {
    message: `${wants} was not written by hugepool`,
  })
  const overrides = facts({ packaged, file: file(`${mark}\nold`), link: link(packaged.path) })
  t.strictSame(planService(overrides, text, false).steps, [{ ...write, before: `${mark}\nold` }])
})

t.test('the service of the package of hugepool is disabled, and stays', async (t) => {
  const packaged = unitOfPackage
  const programs = [['systemctl', 'reset-failed', 'hugepool.service*'], ...reload]
  const unlink = { do: 'unlink', path: wants, to: packaged.path }
  t.strictSame(planServiceRemoval(facts({ packaged, link: link(packaged.path) })), {
    steps: [unlink],
    programs,
  })
  t.strictSame(planServiceRemoval(facts({ packaged })), { steps: [], programs: [] })
  const others = { ...packaged, text: 'x\n' }
  t.strictSame(planServiceRemoval(facts({ packaged: others, link: link(packaged.path) })).steps, [])
  const overrides = facts({ packaged, file: file(text), link: link(packaged.path) })
  t.strictSame(planServiceRemoval(overrides).steps, [
    unlink,
    { do: 'remove', path: unit, before: text },
  ])
})

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
  const packaged = { path: '/usr/lib/systemd/system/hugepool.service', text: 'x\n' }
  t.strictSame(install({ packaged }), {
    ...refused,
    message: `${packaged.path} is there already, from a package`,
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
  t.strictSame(
    planServiceRemoval(facts({ link: link(unit) })).steps,
    [{ do: 'unlink', path: wants, to: unit }],
    'a link whose unit is nowhere',
  )
  for (const to of ['/x', '../hugepool.service'])
    t.strictSame(planServiceRemoval(facts({ link: link(to) })), { steps: [], programs: [] }, to)
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
  t.notOk(isLinked({ kind: 'openrc', link: link('../hugepool') }), 'a runlevel below another')
  t.notOk(isLinked({ kind: 'systemd', link: nothing }))
})
