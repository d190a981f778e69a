import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { serviceText } from '../../../src/model/config/service/service-text.ts'
import { fstabLine } from '../../../src/model/mounts/persist/fstab.ts'
import type { PersistKind } from '../../../src/model/mounts/persist/persist-facts.ts'
import { unitText } from '../../../src/model/mounts/persist/systemd-unit.ts'
import {
  configuredAtStart,
  configuredMounts,
} from '../../../src/operations/config/configured-mounts.ts'
import { persistMount } from '../../../src/operations/mounts/persist-mount.ts'
import { unpersistMount } from '../../../src/operations/mounts/unpersist-mount.ts'
import { answering } from '../../helpers/failing-files.ts'
import { dropIn, dropInHead } from '../../helpers/lasting-stage.ts'
import { huge, portsOn, scratch } from '../../helpers/persist.ts'
import { filesBelow, temporary } from '../../helpers/run.ts'
import { hugepool, node, root as rootMount } from '../../helpers/service-machine.ts'
import { M } from '../../helpers/sizes.ts'

const usual = {
  '/etc/systemd/system/.keep': '',
  '/run/systemd/system/.keep': '',
  '/proc/self/mountinfo': rootMount,
}
const written = `${dropInHead}\n[mounts."/mnt/huge"]\npage-size = "2M"\nsize = "8M"\nmkdir = true\n`

const machine = (t: Test, files: Readonly<Record<string, string>> = {}) => {
  const root = temporary(t)
  scratch(root, { ...usual, ...files })
  const ports = portsOn(root)
  const run = { dryRun: false, wait: true, kept: configuredMounts(ports) }
  return {
    root,
    ports,
    put: (kind: PersistKind = 'config', desired = huge) => persistMount(ports, desired, kind, run),
    take: () => unpersistMount(ports, huge.target, run),
    text: () => readFileSync(join(root, dropIn), 'utf8'),
    files: () => filesBelow(root, false),
  }
}

const absent = {
  words: ['nothing applies it at a start: /etc/systemd/system/hugepool.service: it is absent'],
  hints: ["'hugepool service install' has it applied at every start"],
}

t.test('leftovers of a call that was ended go, though nothing is to be written', async (t) => {
  const half = '/etc/hugepool.d/.#hugepool-0000000a'
  const { root, put } = machine(t, { [dropIn]: written, [half]: 'half' })
  t.hasStrict(await put(), { outcome: 'unchanged' })
  t.notOk(existsSync(join(root, half)))
})

t.test('a mount comes, stays, changes and goes', async (t) => {
  const { put, take, text } = machine(t)
  t.strictSame(await put(), {
    kind: 'config',
    path: dropIn,
    outcome: 'done',
    lines: ['mkdir -p /etc/hugepool.d', `cat > ${dropIn} <<'END'\n${written}END`],
    ...absent,
  })
  t.equal(text(), written)
  t.strictSame(await put(), {
    kind: 'config',
    path: dropIn,
    outcome: 'unchanged',
    lines: [],
    ...absent,
  })
  await put('config', { ...huge, uid: 7, flags: ['ro'] })
  t.equal(
    text(),
    `${dropInHead}\n[mounts."/mnt/huge"]\npage-size = "2M"\nsize = "8M"\nuid = 7\noptions = "ro,suid,dev"\nmkdir = true\n`,
  )
  t.hasStrict(await take(), [{ kind: 'config', path: dropIn, outcome: 'done', hints: [] }])
  t.equal(text(), `${dropInHead}`)
  t.strictSame(await take(), [])
})

t.test('pools and other mounts stay', async (t) => {
  const other = `\n[mounts."/x"]\npage-size = "2M"\n`
  const pools = `${dropInHead}\n[pools.2M]\npages = 3\n`
  const { put, take, text } = machine(t, { [dropIn]: `${pools}${other}` })
  await put()
  t.equal(text(), `${pools}${other}${written.slice(dropInHead.length)}`)
  await take()
  t.equal(text(), `${pools}${other}`)
})

const refusal = async (t: Test, files: Readonly<Record<string, string>>, kind: PersistKind) => {
  const { put, files: all } = machine(t, files)
  const before = all()
  try {
    await put(kind)
    return undefined
  } catch (error) {
    t.strictSame(all(), before)
    const { code, reason, message, hint } = error as Record<string, string>
    return [code, reason, message, hint]
  }
}

t.test('nothing mounts a directory in two ways', async (t) => {
  for (const kind of ['fstab', 'systemd'] as const)
    t.strictSame(await refusal(t, { [dropIn]: written, '/etc/fstab': '' }, kind), [
      'E_REFUSED',
      'otherwise',
      `${dropIn} mounts /mnt/huge already`,
      "take '--persist config', or remove it with 'hugepool umount --persist'",
    ])
  t.strictSame(await refusal(t, { '/etc/fstab': `${fstabLine(huge, true)}\n` }, 'config'), [
    'E_REFUSED',
    'otherwise',
    '/etc/fstab: line 1 mounts /mnt/huge already',
    "take '--persist fstab', or remove it with 'hugepool umount --persist'",
  ])
  const unit = '/etc/systemd/system/mnt-huge.mount'
  t.strictSame(await refusal(t, { [unit]: unitText(huge) }, 'config'), [
    'E_REFUSED',
    'otherwise',
    `${unit} mounts it already`,
    "take '--persist systemd', or remove it with 'hugepool umount --persist'",
  ])
  const main = { '/etc/hugepool.toml': '[mounts."/mnt//huge"]\npage-size = "2M"\n' }
  for (const kind of ['fstab', 'systemd', 'config'] as const)
    t.strictSame(await refusal(t, main, kind), [
      'E_REFUSED',
      'not-ours',
      '/etc/hugepool.toml:1:2: mounts."/mnt//huge": mounts /mnt/huge already',
      'change it there, or leave the mount to it',
    ])
})

t.test('a configuration that cannot be read keeps a mount out of itself alone', async (t) => {
  const bad = { '/etc/hugepool.toml': 'x = 1\n', '/etc/fstab': '' }
  t.hasStrict(await refusal(t, bad, 'config'), ['E_CONFIG'])
  t.equal(await refusal(t, bad, 'fstab'), undefined)
})

t.test('a mount of fstab goes while one of others stays in the configuration', async (t) => {
  const { put, take, root } = machine(t, { '/etc/fstab': '' })
  await put('fstab')
  scratch(root, { '/etc/hugepool.toml': '[mounts."/mnt/huge"]\npage-size = "2M"\n' })
  t.strictSame(
    (await take()).map(({ kind }) => kind),
    ['fstab'],
  )
})

t.test('pages of the configuration are there for a minimum size', async (t) => {
  const files = (pools: string) => ({
    '/proc/cmdline': 'quiet\n',
    '/proc/meminfo': 'Hugepagesize: 2048 kB\n',
    '/etc/hugepool.toml': pools,
  })
  const lacking = async (pools: string) => {
    const { put } = machine(t, files(pools))
    return (await put('config', { ...huge, minSize: 4n * M })).lacking
  }
  t.strictSame(await lacking(''), { needed: 2n, provided: 0n })
  t.strictSame(await lacking('[pools.2M]\npages = 1\n'), { needed: 2n, provided: 0n })
  t.equal(await lacking('[pools.2M]\npages = 2\n'), undefined)
  t.equal(await lacking('[pools.2M]\npages = "0:1,1:2M"\n'), undefined)
  t.strictSame(await lacking('[pools.1G]\npages = 9\n'), { needed: 2n, provided: 0n })
})

t.test('what mounts it again at the next start', async (t) => {
  const program = { words: [node, hugepool], form: 'early', late: [] } as const
  const service = '/etc/systemd/system/hugepool.service'
  const { ports, root } = machine(t, {
    [dropIn]: written,
    [service]: serviceText('systemd', program),
    [node]: '',
    [hugepool]: '',
    '/etc/systemd/system/sysinit.target.wants/.keep': '',
  })
  t.strictSame(await configuredAtStart(ports, '/mnt/huge'), [], 'nothing applies it')
  symlinkSync(service, join(root, '/etc/systemd/system/sysinit.target.wants/hugepool.service'))
  t.strictSame(await configuredAtStart(ports, '/mnt/huge'), [
    { kind: 'config', path: dropIn, line: 9, own: true },
  ])
  t.strictSame(await configuredAtStart(ports, '/mnt/other'), [])
  scratch(root, {
    [dropIn]: dropInHead,
    '/etc/hugepool.toml': '\n[mounts."/mnt/huge"]\npage-size = "2M"\n',
  })
  t.strictSame(await configuredAtStart(ports, '/mnt/huge'), [
    { kind: 'config', path: '/etc/hugepool.toml', line: 3, own: false },
  ])
})

t.test('an entry that the kernel does not show is not taken for none', async (t) => {
  for (const [errno, code] of [
    ['EIO', 'E_KERNEL'],
    ['EACCES', 'E_PERMISSION'],
  ] as const)
    await t.test(errno, async (t) => {
      const { root, put, take, text } = machine(t)
      await put()
      answering(t, join(root, dropIn), errno, ['lstatSync', 'openSync'])
      await t.rejects(take(), { code })
      t.equal(text(), written)
    })
})
