import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import {
  canTellInit,
  findInit,
  hasInit,
  sysvinitLinks,
} from '../../../src/kernel/config/init-system.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

/** A machine with directories, files that have a name after the last slash, and a link of init. */
const machine = (t: Test, paths: readonly string[], init?: string) => {
  const root = temporary(t)
  for (const path of paths)
    if (path.endsWith('/')) mkdirSync(join(root, path), { recursive: true })
    else scratch(root, { [path]: '' })
  if (init !== undefined) {
    const file = join(root, '/sbin/init')
    mkdirSync(dirname(file), { recursive: true })
    symlinkSync(init, file)
  }
  return directoryTree(root)
}

const systemd = '/etc/systemd/system/'
const openrc = '/etc/runlevels/boot/'
const runit = '/etc/runit/core-services/'
const sysvinit = ['/etc/inittab', '/etc/rcS.d/', '/etc/init.d/']

t.test('what runs is what starts the machine', async (t) => {
  const all = [systemd, openrc, runit, ...sysvinit]
  t.equal(findInit(machine(t, [...all, '/run/systemd/system/'])), 'systemd')
  t.equal(findInit(machine(t, [...all, '/run/openrc/'], '/lib/systemd/systemd')), 'openrc')
  t.equal(findInit(machine(t, [...all, '/run/runit/'])), 'runit')
})

t.test('an image is told by the program that will be init', async (t) => {
  const all = [systemd, openrc, runit, ...sysvinit]
  t.equal(findInit(machine(t, all, '/lib/systemd/systemd')), 'systemd')
  t.equal(findInit(machine(t, all, 'runit-init')), 'runit')
  t.equal(findInit(machine(t, all, 'openrc-init')), 'openrc')
  t.equal(findInit(machine(t, all, 'constructor')), 'openrc')
})

t.test('an image is told by its directories otherwise', async (t) => {
  t.equal(findInit(machine(t, [systemd, openrc], '/bin/busybox')), 'openrc')
  t.equal(findInit(machine(t, [systemd, runit])), 'runit')
  t.equal(findInit(machine(t, [systemd, ...sysvinit])), 'sysvinit')
  t.equal(findInit(machine(t, [systemd, '/etc/rcS.d/', '/etc/init.d/'])), 'systemd')
  t.equal(findInit(machine(t, ['/etc/'])), undefined)
})

t.test('whether an init is there, and can be told of a change', async (t) => {
  const tree = machine(t, [systemd, ...sysvinit])
  t.strictSame(
    (['systemd', 'openrc', 'sysvinit', 'runit'] as const).map((kind) => hasInit(tree, kind)),
    [true, false, true, false],
  )
  t.notOk(canTellInit(tree, 'systemd'))
  t.notOk(canTellInit(tree, 'sysvinit'))
  const running = machine(t, ['/run/systemd/system/', '/usr/sbin/update-rc.d'])
  t.ok(canTellInit(running, 'systemd'))
  t.ok(canTellInit(running, 'sysvinit'))
  t.notOk(canTellInit(running, 'openrc'))
  t.notOk(canTellInit(running, 'runit'))
  t.ok(canTellInit(machine(t, ['/sbin/update-rc.d']), 'sysvinit'))
})

t.test('links of sysvinit', async (t) => {
  t.ok(sysvinitLinks(['K01x', 'S12hugepool']))
  t.notOk(sysvinitLinks(['K12hugepool', 'S12hugepools', 'S1hugepool']))
})
