import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { serviceText } from '../../../src/model/config/service/service-text.ts'
import {
  kindMeant,
  printService,
  programMeant,
  serviceStatus,
} from '../../../src/operations/config/service-meant.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { hugepool, node, root as rootLine, usual } from '../../helpers/service-machine.ts'

const portsOf = (
  t: Test,
  files: Readonly<Record<string, string>>,
  program: readonly string[] | undefined = [node, hugepool],
) => {
  const root = temporary(t)
  scratch(root, files)
  return { root, ports: { tree: directoryTree(root), program } as unknown as Ports }
}

const refusal = (act: () => unknown) => {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    const { code, reason, message, hint } = error
    return { code, reason, message, hint }
  }
}

const files = { '/proc/self/mountinfo': rootLine, [node]: '', [hugepool]: '' }

t.test('the init that is named, or found', async (t) => {
  const both = portsOf(t, { ...usual, '/etc/runlevels/boot/.keep': '' }).ports
  t.equal(kindMeant(both, 'systemd'), 'systemd')
  t.equal(kindMeant(both, 'openrc'), 'openrc')
  t.equal(kindMeant(both), 'openrc')
  t.strictSame(
    refusal(() => kindMeant(both, 'runit')),
    {
      code: 'E_UNSUPPORTED',
      reason: 'no-init',
      message: 'runit does not start this machine: /etc/runit/core-services is missing',
      hint: "'hugepool service print runit' writes its service",
    },
  )
  t.strictSame(
    refusal(() => kindMeant(portsOf(t, files).ports)),
    {
      code: 'E_UNSUPPORTED',
      reason: 'no-init',
      message:
        'none of the programs is found that start a machine: systemd, openrc, sysvinit, runit',
      hint: "'hugepool service print INIT' writes a service for one of them",
    },
  )
})

t.test('the program by its real paths', async (t) => {
  const { root, ports } = portsOf(t, files, ['/bin/node', '/hugepool'])
  symlinkSync('usr/bin', join(root, 'bin'))
  symlinkSync('/usr/lib/node_modules/hugepool/bin/hugepool.js', join(root, 'hugepool'))
  t.strictSame(programMeant(ports, 'systemd'), { words: [node, hugepool], form: 'early', late: [] })
  t.equal(programMeant(ports, 'runit').form, 'later')
})

t.test('a program that is not there', async (t) => {
  const absent = (what: string) => ({
    code: 'E_UNSUPPORTED',
    reason: 'recording',
    message: `${what} is not there: a service needs node and hugepool on the machine`,
    hint: undefined,
  })
  const meant = (program: readonly string[] | undefined) => {
    const { ports } = portsOf(t, files)
    const { program: _, ...rest } = ports
    const given = program === undefined ? rest : { ...rest, program }
    return refusal(() => programMeant(given as Ports, 'systemd'))
  }
  t.strictSame(meant(undefined), absent('the program'))
  t.strictSame(meant([]), absent('the program'))
  t.strictSame(meant(['/opt/gone']), absent('/opt/gone'))
  t.strictSame(meant([hugepool]), { words: [hugepool], form: 'early', late: [] }, 'one file')
  t.strictSame(meant([node, '/opt/gone']), absent('/opt/gone'))
  t.strictSame(meant(['/opt/node', '/opt/gone']), absent('/opt/node'))
  t.strictSame(meant([`/usr/bin/../../${hugepool}`, hugepool]), {
    words: [hugepool, hugepool],
    form: 'early',
    late: [],
  })
})

t.test('a path that no service can name', async (t) => {
  const odd = '/opt/a$b'
  const { ports } = portsOf(t, { ...files, [odd]: '' }, [node, odd])
  t.hasStrict(
    refusal(() => programMeant(ports, 'systemd')),
    {
      code: 'E_REFUSED',
      message: '"/opt/a$b" cannot be named in a service',
    },
  )
})

t.test(
  'what is printed is for the init that is named, that is found, or for systemd',
  async (t) => {
    const { ports } = portsOf(t, files)
    const program = { words: [node, hugepool], form: 'early', late: [] } as const
    t.strictSame(printService(ports), {
      init: 'systemd',
      text: serviceText('systemd', program),
      words: [],
    })
    t.strictSame(printService(ports, 'runit'), {
      init: 'runit',
      text: serviceText('runit', { ...program, form: 'later' }),
      words: [],
    })
    const openrc = portsOf(t, { ...files, '/etc/runlevels/boot/.keep': '' }).ports
    t.equal(printService(openrc).init, 'openrc')
    const apart = `${rootLine}2 1 8:2 / /opt rw - ext4 /dev/vda2 rw\n`
    const late = portsOf(t, { ...files, '/proc/self/mountinfo': apart, '/opt/h': '' }, [
      node,
      '/opt/h',
    ])
    t.strictSame(printService(late.ports).words, [
      '/opt/h is on /opt, which is mounted after / and /usr: the service waits for it',
    ])
  },
)

t.test('the state is that of the init which is meant', async (t) => {
  const { ports } = portsOf(t, { ...usual, '/etc/runlevels/boot/.keep': '' })
  t.strictSame((await serviceStatus(ports)).kind, 'openrc')
  t.strictSame(await serviceStatus(ports, 'systemd'), {
    kind: 'systemd',
    path: '/etc/systemd/system/hugepool.service',
    installed: 'absent',
    missing: [],
  })
})
