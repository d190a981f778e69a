import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import type { ProgramAnswer } from '../../../src/kernel/run-program.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { packagedText } from '../../../src/model/config/service/packaged-unit.ts'
import { type ServiceKind, serviceFiles } from '../../../src/model/config/service/service-kind.ts'
import { serviceText } from '../../../src/model/config/service/service-text.ts'
import { lookAtService, serviceFactsAt } from '../../../src/operations/config/look-at-service.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { hugepool, node, ok } from '../../helpers/service-machine.ts'

interface Scene {
  readonly files?: Readonly<Record<string, string>>
  readonly links?: Readonly<Record<string, string>>
  readonly answer?: ProgramAnswer
}

const program = { [node]: '', [hugepool]: '' }
const textOf = (kind: ServiceKind) =>
  serviceText(kind, { words: [node, hugepool], form: 'early', late: [] })

const sceneOf = (t: Test, { files = {}, links = {}, answer }: Scene) => {
  const root = temporary(t)
  scratch(root, { ...program, ...files })
  for (const [path, to] of Object.entries(links)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    symlinkSync(to, join(root, path))
  }
  const ran: string[] = []
  const run = async (words: readonly string[]) => {
    ran.push(words.join(' '))
    return answer ?? ok
  }
  const tree = directoryTree(root)
  return { ran, tree, ports: { tree, ...(answer && { run }) } as unknown as Ports }
}

const look = (t: Test, kind: ServiceKind, scene: Scene) =>
  lookAtService(sceneOf(t, scene).ports, kind)

const unit = '/etc/systemd/system/hugepool.service'
const own = { [unit]: textOf('systemd') }
const wants = '/etc/systemd/system/sysinit.target.wants/hugepool.service'
const runs = { '/run/systemd/system/.keep': '' }

t.test('a unit, and what starts it', async (t) => {
  const state = { kind: 'systemd', path: unit, missing: [] }
  const found = { ...state, form: 'early', program: [node, hugepool] }
  t.strictSame(await look(t, 'systemd', {}), { ...state, installed: 'absent' })
  t.strictSame(await look(t, 'systemd', { files: own }), { ...found, installed: 'disabled' })
  const linked = { files: own, links: { [wants]: unit } }
  t.strictSame(await look(t, 'systemd', linked), { ...found, installed: 'enabled' })
  for (const directory of [
    '/etc/systemd/system',
    '/run/systemd/system',
    '/usr/lib/systemd/system',
  ]) {
    const links = { [`${directory}/multi-user.target.wants/hugepool.service`]: unit }
    const { installed } = await look(t, 'systemd', { files: own, links })
    t.equal(installed, 'enabled', directory)
  }
  const gone = { [unit]: textOf('systemd').replaceAll(hugepool, '/opt/gone') }
  t.strictSame(await look(t, 'systemd', { files: gone }), {
    ...found,
    installed: 'disabled',
    program: [node, '/opt/gone'],
    missing: ['/opt/gone'],
  })
})

t.test('a unit of others', async (t) => {
  const state = { kind: 'systemd', path: unit, missing: [] }
  const foreign = { ...state, installed: 'foreign' }
  t.strictSame(await look(t, 'systemd', { files: { [unit]: '[Unit]\n' } }), foreign)
  t.strictSame(
    await look(t, 'systemd', { links: { [unit]: node }, files: { [node]: 'x' } }),
    foreign,
  )
  const masked = { ...state, installed: 'masked' }
  t.strictSame(await look(t, 'systemd', { files: { [unit]: '' } }), masked)
  t.strictSame(await look(t, 'systemd', { links: { [unit]: '/dev/null' } }), masked)
  for (const directory of ['/usr/local/lib', '/usr/lib', '/lib']) {
    const path = `${directory}/systemd/system/hugepool.service`
    const packaged = { files: { [path]: textOf('systemd') } }
    t.strictSame(await look(t, 'systemd', packaged), { ...foreign, path }, directory)
  }
  const shadow = { files: { [unit]: '[Unit]\n', '/usr/lib/systemd/system/hugepool.service': 'x' } }
  t.equal((await look(t, 'systemd', shadow)).path, unit, 'it overrides that of the package')
})

t.test('the unit of the package of hugepool', async (t) => {
  const path = '/usr/lib/systemd/system/hugepool.service'
  const files = { [path]: packagedText(textOf('systemd')) }
  const disabled = { ...(await look(t, 'systemd', { files: own })), path, installed: 'disabled' }
  t.strictSame(await look(t, 'systemd', { files }), disabled)
  const wants = '/etc/systemd/system/sysinit.target.wants/hugepool.service'
  const enabled = { ...disabled, installed: 'enabled' }
  for (const to of [path, '/lib/systemd/system/hugepool.service'])
    t.strictSame(await look(t, 'systemd', { files, links: { [wants]: to } }), enabled)
  t.strictSame(await look(t, 'systemd', { files, links: { [unit]: '/dev/null' } }), {
    kind: 'systemd',
    path: unit,
    installed: 'masked',
    missing: [],
  })
  t.strictSame((await look(t, 'systemd', { files: { ...files, ...own } })).path, unit)
})

t.test('a unit of a package that is a link counts as one', async (t) => {
  const path = '/usr/lib/systemd/system/hugepool.service'
  const dangling = sceneOf(t, { links: { [path]: '/nowhere' } })
  t.strictSame(serviceFactsAt(dangling.tree, 'systemd').packaged, { path, text: '' })
  t.strictSame(serviceFactsAt(sceneOf(t, { files: { [path]: '' } }).tree, 'openrc'), {
    kind: 'openrc',
    file: { kind: 'nothing' },
    link: { kind: 'nothing' },
    runs: false,
  })
})

t.test('the other inits', async (t) => {
  const installed = async (kind: ServiceKind, scene: Scene = {}) => {
    const files = { [serviceFiles[kind].path]: textOf(kind), ...scene.files }
    const state = await look(t, kind, { ...scene, files })
    return [state.installed, state.form, state.program]
  }
  const paths = [node, hugepool]
  const openrc = { '/etc/runlevels/boot/hugepool': '/etc/init.d/hugepool' }
  t.strictSame(await installed('openrc'), ['disabled', 'early', paths])
  t.strictSame(await installed('openrc', { links: openrc }), ['enabled', 'early', paths])
  const wanted = { '/etc/systemd/system/x.target.wants/hugepool.service': unit }
  t.strictSame(await installed('openrc', { links: wanted }), ['disabled', 'early', paths])
  t.strictSame(await installed('runit'), ['enabled', 'later', paths])
  t.strictSame(await installed('sysvinit'), ['disabled', 'later', paths])
  const links = { '/etc/rcS.d/S09hugepool': '../init.d/hugepool' }
  t.strictSame(await installed('sysvinit', { links }), ['enabled', 'later', paths])
})

t.test('how it ended is asked of systemd alone, where it runs', async (t) => {
  const said =
    'ActiveState=active\nResult=success\nExecMainCode=1\nExecMainStatus=0\nExecMainExitTimestampMonotonic=7\n'
  const last = async (kind: ServiceKind, files: Readonly<Record<string, string>>, status = 0) => {
    const answer = { status, stdout: said, stderr: '' }
    const { ran, ports } = sceneOf(t, { files: { ...own, ...files }, answer })
    const state = await lookAtService(ports, kind)
    return [state.last, ran.length]
  }
  t.strictSame(await last('systemd', runs), [{ outcome: 'done', status: 0 }, 1])
  t.strictSame(await last('systemd', runs, 1), [undefined, 1])
  t.strictSame(await last('systemd', {}), [undefined, 0])
  const sysvinit = { ...runs, '/usr/sbin/update-rc.d': '' }
  t.strictSame(await last('sysvinit', sysvinit), [undefined, 0])
  t.strictSame((await look(t, 'systemd', { files: { ...own, ...runs } })).last, undefined)
})
