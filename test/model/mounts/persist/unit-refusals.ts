import t from 'tap'
import type { PersistFacts, UnitAlias } from '../../../../src/model/mounts/persist/persist-facts.ts'
import { unitText } from '../../../../src/model/mounts/persist/systemd-unit.ts'
import {
  foreignUnitHint,
  refuseAliases,
  refuseMasked,
} from '../../../../src/model/mounts/persist/unit-refusals.ts'
import { huge } from '../../../helpers/persist.ts'

const nothing = { kind: 'nothing' } as const
const none: PersistFacts = { unit: nothing, wants: nothing, systemd: true, systemdRuns: true }
const target = '/mnt/huge'
const name = 'mnt-huge.mount'

t.test('a mask is undone where it is, and by what can', async (t) => {
  const packaged = `/usr/lib/systemd/system/${name}`
  const unmask = `'systemctl unmask ${name}'`
  const removed = (path: string) => `'rm ${path}', then 'systemctl daemon-reload', removes it`
  const [control, runtime] = ['/etc/systemd/system.control', '/run/systemd/system.control']
  for (const [directory, hint, over] of [
    [control, removed(`${control}/${name}`)],
    [runtime, removed(`${runtime}/${name}`)],
    ['/etc/systemd/system', `${unmask} removes it`],
    [
      '/etc/systemd/system',
      `${unmask} leaves the mount to ${packaged}; or take another directory`,
      packaged,
    ],
    ['/run/systemd/system', `'systemctl --runtime unmask ${name}' removes it`],
    [
      '/run/systemd/system',
      `'systemctl --runtime unmask ${name}' leaves the mount to ${packaged}; or take another directory`,
      packaged,
    ],
    ['/usr/lib/systemd/system', 'a package has installed it: take another directory'],
  ] as const) {
    const masked = `${directory}/${name}`
    const facts = { ...none, masked, ...(over !== undefined && { packaged: over }) }
    t.throws(() => refuseMasked(facts, target), {
      code: 'E_REFUSED',
      reason: 'masked',
      message: `${masked} masks the unit: systemd does not mount /mnt/huge`,
      hint,
    })
  }
  t.doesNotThrow(() => refuseMasked(none, target))
})

t.test('a unit of others that nothing starts can be enabled', async (t) => {
  const path = `/usr/lib/systemd/system/${name}`
  t.equal(
    foreignUnitHint({ idle: true }, path),
    `nothing starts it: 'systemctl enable ${name}' leaves the mount to it`,
  )
  t.equal(foreignUnitHint({}, path), 'leave the mount to it')
})

t.test('units for other names of the directory are refused', async (t) => {
  const path = '/etc/systemd/system/srv-huge.mount'
  const alias = (text: string): UnitAlias => ({
    path,
    where: '/srv/huge',
    unit: { kind: 'file', text },
    wants: nothing,
  })
  const own = alias(unitText({ ...huge, target: '/srv/huge' }))
  const leads = `${path} is there for /srv/huge, which leads to /mnt/huge`
  t.throws(() => refuseAliases({ ...none, aliases: [own] }, target), {
    code: 'E_REFUSED',
    reason: 'otherwise',
    message: leads,
    hint: 'remove it: hugepool umount /mnt/huge --persist',
  })
  const link: UnitAlias = { ...own, unit: { kind: 'link', to: '/x' } }
  for (const other of [alias('[Mount]\n'), link])
    t.throws(() => refuseAliases({ ...none, aliases: [other] }, target), {
      code: 'E_REFUSED',
      reason: 'not-ours',
      message: `${leads}, and was not written by hugepool`,
      hint: 'remove it: systemd does not mount through symbolic links',
    })
  t.doesNotThrow(() => refuseAliases({ ...none, aliases: [] }, target))
  t.doesNotThrow(() => refuseAliases(none, target))
})
