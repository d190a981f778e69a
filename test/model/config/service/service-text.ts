import t from 'tap'
import {
  isOwnService,
  type ServiceForm,
  type ServiceKind,
  serviceKinds,
} from '../../../../src/model/config/service/service-kind.ts'
import type { ServiceProgram } from '../../../../src/model/config/service/service-program.ts'
import {
  formOf,
  programIn,
  serviceText,
} from '../../../../src/model/config/service/service-text.ts'

const programs: readonly (readonly string[])[] = [
  ['/usr/bin/node', '/usr/lib/node_modules/hugepool/bin/hugepool.js'],
  ['/opt/a b/node', "/x/it's/100%/hugepool.js"],
  ['/%n', "/'"],
  ['/usr/bin/hugepool'],
]

const forms: Readonly<Record<ServiceKind, readonly ServiceForm[]>> = {
  systemd: ['early', 'later'],
  openrc: ['early', 'later'],
  sysvinit: ['later'],
  runit: ['later'],
}

for (const kind of serviceKinds)
  t.test(`what a service of ${kind} says is read again`, async (t) => {
    for (const words of programs)
      for (const form of forms[kind]) {
        const program: ServiceProgram = { words, form, late: [] }
        const text = serviceText(kind, program)
        t.strictSame(programIn(kind, text), words)
        t.equal(formOf(kind, text), form)
        t.ok(isOwnService(text))
      }
    t.equal(programIn(kind, '# nothing\n'), undefined)
    t.equal(formOf(kind, '# nothing\n'), 'later')
  })

t.test('a unit that somebody changed says what it runs now', async (t) => {
  t.strictSame(programIn('systemd', 'ExecStart=/bin/node /x.js apply --boot --config /a\n'), [
    '/bin/node',
    '/x.js',
  ])
  t.strictSame(programIn('systemd', 'ExecStart=/usr/bin/hugepool apply\n'), ['/usr/bin/hugepool'])
})
