import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { carryOutFileStep } from '../../../src/kernel/etc/etc-files.ts'
import type { DesiredMount } from '../../../src/model/mounts/desired-mount.ts'
import { fstabLine } from '../../../src/model/mounts/persist/fstab.ts'
import type { PersistKind } from '../../../src/model/mounts/persist/persist-facts.ts'
import { unitText } from '../../../src/model/mounts/persist/systemd-unit.ts'
import { checkPersist, persistMount } from '../../../src/operations/mounts/persist-mount.ts'
import { checkUnpersist, unpersistMount } from '../../../src/operations/mounts/unpersist-mount.ts'
import { awkwardTargets, huge, portsOn, scratch } from '../../helpers/persist.ts'
import { filesBelow, temporary } from '../../helpers/run.ts'

const now = { dryRun: false, wait: true }
const dry = { dryRun: true, wait: true }
const before = '# <file system>\r\nUUID=1 / ext4\tdefaults 0 1\n\xff\n/swap none swap sw 0 0'
const fstab = '/etc/fstab'
const backup = '/etc/fstab.hugepool-backup'
const unit = '/etc/systemd/system/mnt-huge.mount'
const wants = '/etc/systemd/system/local-fs.target.wants'
const link = `${wants}/mnt-huge.mount`
const reload = "'systemctl daemon-reload' makes systemd read it"

const machine = (t: Test, files: Readonly<Record<string, string>> = { [fstab]: before }) => {
  const root = temporary(t)
  scratch(root, files)
  const ports = portsOn(root)
  return {
    root,
    ports,
    at: (path: string) => join(root, path),
    text: (path: string) => readFileSync(join(root, path), 'latin1'),
    put: (kind: PersistKind, desired: DesiredMount = huge, options = now) =>
      persistMount(ports, desired, kind, options),
    take: (target = huge.target, options = now) => unpersistMount(ports, target, options),
    files: () => filesBelow(root, false),
  }
}

const withSystemd = { [fstab]: before, '/etc/systemd/system/.keep': '' }
const withRunning = { ...withSystemd, '/run/systemd/system/.keep': '' }

t.test('a line of fstab comes, stays, changes and goes', async (t) => {
  const { put, take, text, at, root } = machine(t)
  chmodSync(at(fstab), 0o600)
  t.strictSame(await put('fstab'), {
    kind: 'fstab',
    path: fstab,
    outcome: 'done',
    backup,
    lines: [`cp -p ${fstab} ${backup}`, `printf '\\n%s' '${fstabLine(huge, false)}' >> ${fstab}`],
    words: [],
    hints: [],
  })
  t.equal(text(fstab), `${before}\n${fstabLine(huge, false)}`)
  t.equal(text(backup), before)
  for (const path of [fstab, backup]) t.equal(statSync(at(path)).mode & 0o7777, 0o600)
  const same = filesBelow(root)
  const unchanged = {
    kind: 'fstab',
    path: fstab,
    outcome: 'unchanged',
    lines: [],
    words: [],
    hints: [],
  }
  t.strictSame(await put('fstab'), unchanged)
  t.strictSame(filesBelow(root), same, 'nothing is touched')
  const other = { ...huge, size: 2n * huge.pageSize }
  t.hasStrict(await put('fstab', other), { outcome: 'done' })
  t.equal(text(fstab), `${before}\n${fstabLine(other, false)}`)
  t.hasStrict(await take(), [{ kind: 'fstab', path: fstab, outcome: 'done', backup }])
  t.equal(text(fstab), before)
  t.equal(text(backup), `${before}\n${fstabLine(other, false)}`)
  t.strictSame(await take(), [])
  t.strictSame(readdirSync(at('/etc')).sort(), ['fstab', 'fstab.hugepool-backup'])
})

t.test('a unit comes, stays, changes and goes, with the link that enables it', async (t) => {
  const { put, take, text, at, root, files } = machine(t, withRunning)
  const empty = files()
  t.strictSame(await put('systemd'), {
    kind: 'systemd',
    path: unit,
    outcome: 'done',
    lines: [
      `cat > ${unit} <<'END'\n${unitText(huge)}END`,
      `mkdir -p ${wants}`,
      `ln -s ${unit} ${link}`,
    ],
    words: [],
    hints: [reload],
  })
  t.equal(text(unit), unitText(huge))
  t.equal(readlinkSync(at(link)), unit)
  const same = readdirSync(root, { recursive: true }).length
  const { outcome, lines, hints } = await put('systemd')
  t.strictSame({ outcome, lines, hints }, { outcome: 'unchanged', lines: [], hints: [] })
  t.equal(readdirSync(root, { recursive: true }).length, same)
  rmSync(at(link))
  const linked = await put('systemd')
  t.strictSame([linked.outcome, linked.lines.length], ['done', 2], 'the link alone')
  const other = { ...huge, flags: ['ro'] as const }
  const rewritten = await put('systemd', other)
  t.strictSame([rewritten.outcome, rewritten.lines.length], ['done', 1], 'the text alone')
  t.equal(text(unit), unitText(other))
  t.hasStrict(await take(), [{ kind: 'systemd', path: unit, outcome: 'done', hints: [reload] }])
  t.strictSame(files(), empty)
  t.strictSame(await take(), [])
})

t.test('links of others in the same directory stay', async (t) => {
  const { put, take, at } = machine(t, withRunning)
  mkdirSync(at(wants))
  symlinkSync('/dev/null', at(`${wants}/x.mount`))
  await put('systemd')
  rmSync(at(link))
  symlinkSync('../mnt-huge.mount', at(link))
  t.hasStrict(await put('systemd'), { outcome: 'unchanged' }, 'a relative link enables it too')
  await take()
  t.strictSame(readdirSync(at(wants)), ['x.mount'])
})

t.test('without /etc/fstab one is made', async (t) => {
  const { put, take, text, at } = machine(t, { '/etc/hostname': 'x' })
  const done = await put('fstab')
  t.strictSame(done.lines, [`printf '%s\\n' '${fstabLine(huge, false)}' >> ${fstab}`])
  t.equal(done.backup, undefined)
  t.equal(text(fstab), `${fstabLine(huge, false)}\n`)
  t.equal(statSync(at(fstab)).mode & 0o7777, 0o644)
  await take()
  t.equal(text(fstab), '')
})

t.test('where systemd is, its words are in the line, and where it runs, a hint', async (t) => {
  const { put, take, text, at } = machine(t, withSystemd)
  t.strictSame((await put('fstab')).hints, [])
  t.equal(text(fstab), `${before}\n${fstabLine(huge, true)}`)
  mkdirSync(at('/run/systemd/system'), { recursive: true })
  t.hasStrict(await take(), [{ hints: [reload] }])
})

t.test('a symbolic link in place of fstab is followed, within the root', async (t) => {
  const { put, take, text, at } = machine(t, { '/nix/store/fstab': before, '/etc/hostname': 'x' })
  symlinkSync('/nix/store/fstab', at(fstab))
  await put('fstab')
  t.equal(readlinkSync(at(fstab)), '/nix/store/fstab')
  t.equal(text('/nix/store/fstab'), `${before}\n${fstabLine(huge, false)}`)
  t.equal(text(backup), before)
  await take()
  t.equal(text('/nix/store/fstab'), before)
  t.strictSame(readdirSync(at('/nix/store')), ['fstab'])
})

const own = unitText(huge)
const ownLine = `${fstabLine(huge, true)}\n`
const masked = Symbol('a link to /dev/null')

const maskedWords = (path: string, target = '/mnt/huge') =>
  `${path} masks the unit: systemd does not mount ${target}`

/** What stands there already, what is asked for, and what is answered; without a hint, any. */
const refusals: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string | typeof masked>>,
  kind: PersistKind | 'take',
  message: string,
])[] = [
  [
    'a line of others',
    { [fstab]: '#\nx /mnt/huge y z' },
    'fstab',
    `${fstab}: line 2 mounts /mnt/huge and was not written by hugepool`,
  ],
  [
    'a line of others, and a unit is asked for',
    { [fstab]: '#\nx /mnt/huge y z' },
    'systemd',
    `${fstab}: line 2 mounts /mnt/huge already`,
  ],
  [
    'a line of others is to go',
    { [fstab]: '#\nx /mnt/huge y z' },
    'take',
    `${fstab}: line 2 mounts /mnt/huge and was not written by hugepool`,
  ],
  [
    'a line of its own',
    { [fstab]: ownLine },
    'systemd',
    `${fstab}: line 1 mounts /mnt/huge already`,
  ],
  ['a unit of its own', { [unit]: own }, 'fstab', `${unit} mounts it already`],
  ['a unit of others', { [unit]: `\n${own}` }, 'systemd', `${unit} was not written by hugepool`],
  [
    'a unit of others, and a line is asked for',
    { [unit]: `\n${own}` },
    'fstab',
    `${unit} was not written by hugepool`,
  ],
  ['a unit of others is to go', { [unit]: '#' }, 'take', `${unit} was not written by hugepool`],
  ['a masked unit', { [unit]: masked }, 'systemd', maskedWords(unit)],
  ['a masked unit and fstab', { [unit]: masked }, 'fstab', maskedWords(unit)],
  ['an empty unit', { [unit]: '' }, 'systemd', maskedWords(unit)],
  ['an empty unit and fstab', { [unit]: '' }, 'fstab', maskedWords(unit)],
  ['a link elsewhere', { [link]: masked }, 'systemd', `${link} was not written by hugepool`],
  ['a file for a link', { [link]: own }, 'systemd', `${link} was not written by hugepool`],
]

for (const [title, files, kind, message] of refusals)
  t.test(`refused: ${title}`, async (t) => {
    const { put, take, ports, at, root } = machine(t, withRunning)
    for (const [path, text] of Object.entries(files)) {
      if (text !== masked) scratch(root, { [path]: text as string })
      else {
        scratch(root, { [path]: '' })
        rmSync(at(path))
        symlinkSync('/dev/null', at(path))
      }
    }
    const same = filesBelow(at('/etc'))
    const refusal = { code: 'E_REFUSED', message }
    const turn = async (options: typeof now): Promise<unknown> =>
      kind === 'take' ? take('/mnt/huge', options) : put(kind, huge, options)
    for (const options of [now, dry]) await t.rejects(turn(options), refusal)
    const check = () =>
      kind === 'take' ? checkUnpersist(ports, '/mnt/huge') : checkPersist(ports, huge, kind)
    t.throws(check, refusal)
    t.strictSame(filesBelow(at('/etc')), same)
  })

t.test('what hugepool wrote goes, and a line of others that stays is named', async (t) => {
  const { take, text, files } = machine(t, { [fstab]: `x /mnt/huge y z\n${ownLine}`, [unit]: own })
  t.hasStrict(await take(), [
    { kind: 'systemd', words: [`${fstab}: line 1 mounts /mnt/huge too, and stays`] },
    { kind: 'fstab', words: [`${fstab}: line 1 mounts /mnt/huge too, and stays`] },
  ])
  t.equal(text(fstab), 'x /mnt/huge y z\n')
  t.notOk(unit.slice(1) in files())
})

t.test('where systemd does not run there is no unit, whatever is installed', async (t) => {
  const { put } = machine(t, withSystemd)
  await t.rejects(put('systemd'), {
    code: 'E_UNSUPPORTED',
    message: 'systemd does not run here: /run/systemd/system is missing',
  })
})

const vendors = [
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]

const aside = { ...huge, target: '/dev/hugepages' }

for (const directory of vendors) {
  const vendor = `${directory}/dev-hugepages.mount`
  t.test(`not put aside: ${vendor}`, async (t) => {
    const { put, take, ports, root, at } = machine(t, { ...withRunning, [vendor]: '#' })
    const refusalFor = (hint: string) => ({
      code: 'E_REFUSED',
      message: `${vendor} is there for /dev/hugepages and was not written by hugepool`,
      hint: `${hint}, or take another directory`,
    })
    const same = filesBelow(at('/etc'))
    const isRefused = async (refusal: ReturnType<typeof refusalFor>) => {
      for (const kind of ['fstab', 'systemd'] as const) {
        for (const options of [now, dry]) await t.rejects(put(kind, aside, options), refusal)
        t.throws(() => checkPersist(ports, aside, kind), refusal)
      }
      await t.rejects(take(aside.target), refusal)
      t.throws(() => checkUnpersist(ports, aside.target), refusal)
    }
    await isRefused(
      refusalFor(
        "nothing starts it: 'systemctl enable dev-hugepages.mount' leaves the mount to it",
      ),
    )
    mkdirSync(at(`${directory}/sysinit.target.wants`))
    symlinkSync(
      '../dev-hugepages.mount',
      at(`${directory}/sysinit.target.wants/dev-hugepages.mount`),
    )
    await isRefused(refusalFor('leave the mount to it'))
    t.strictSame(filesBelow(at('/etc')), same)
    t.hasStrict(await put('fstab'), { outcome: 'done' }, 'other directories are not concerned')
    scratch(root, { '/etc/systemd/system/dev-hugepages.mount': unitText(aside) })
    t.hasStrict(await take(aside.target), [{ outcome: 'done' }], 'what was written goes')
  })
}

/** A mask in a directory, what is below it, and how the mount can be had. */
const masks: readonly (readonly [directory: string, packaged: boolean, hint: string])[] = [
  ['/etc/systemd/system', false, "'systemctl unmask dev-hugepages.mount' removes it"],
  [
    '/etc/systemd/system',
    true,
    "'systemctl unmask dev-hugepages.mount' leaves the mount to /usr/lib/systemd/system/dev-hugepages.mount; or take another directory",
  ],
  ['/run/systemd/system', false, "'systemctl --runtime unmask dev-hugepages.mount' removes it"],
  [
    '/etc/systemd/system.control',
    false,
    "'rm /etc/systemd/system.control/dev-hugepages.mount', then 'systemctl daemon-reload', removes it",
  ],
  ['/usr/local/lib/systemd/system', false, 'a package has installed it: take another directory'],
]

for (const [directory, packaged, hint] of masks)
  for (const to of ['/dev/null', '../../../../../../dev/null', '']) {
    const mask = `${directory}/dev-hugepages.mount`
    t.test(`masked: ${mask}, ${to || 'empty'}${packaged ? ', over a unit' : ''}`, async (t) => {
      const files = packaged ? { '/usr/lib/systemd/system/dev-hugepages.mount': '#' } : {}
      const { put, take, ports, at } = machine(t, { ...withRunning, ...files, [mask]: '' })
      if (to !== '') {
        rmSync(at(mask))
        symlinkSync(to, at(mask))
      }
      const refusal = { code: 'E_REFUSED', message: maskedWords(mask, aside.target), hint }
      for (const kind of ['fstab', 'systemd'] as const) {
        for (const options of [now, dry]) await t.rejects(put(kind, aside, options), refusal)
        t.throws(() => checkPersist(ports, aside, kind), refusal)
      }
      t.strictSame(await take(aside.target), [], 'nothing mounts it at a start')
    })
  }

t.test('a mask that overrides a unit of the administrator', async (t) => {
  const mask = '/etc/systemd/system.control/mnt-huge.mount'
  const { put } = machine(t, { ...withRunning, [mask]: '', [unit]: unitText(huge) })
  await t.rejects(put('systemd'), { code: 'E_REFUSED', message: maskedWords(mask) })
})

t.test('a mask of run time does not reach a unit of the administrator', async (t) => {
  const { put, root } = machine(t, { ...withRunning, '/run/systemd/system/mnt-huge.mount': '' })
  scratch(root, { [unit]: unitText(huge) })
  t.hasStrict(await put('systemd'), { outcome: 'done' })
})

t.test('a line and a unit that name the directory through a link are about it', async (t) => {
  const { put, take, at, text, root } = machine(t, withRunning)
  mkdirSync(at('/real/h'), { recursive: true })
  symlinkSync('/real', at('/link'))
  symlinkSync('../link/h', at('/real/again'))
  const real = { ...huge, target: '/real/h' }
  for (const written of ['/link/h', '/link//again/']) {
    scratch(root, { [fstab]: `#\nx ${written} hugetlbfs y\n` })
    const as = written === '/link/h' ? written : '/link/again'
    const message = `${fstab}: line 2 (as ${as}) mounts /real/h and was not written by hugepool`
    await t.rejects(put('fstab', real), { code: 'E_REFUSED', message })
    await t.rejects(take('/real/h'), { code: 'E_REFUSED', message })
    await t.rejects(put('systemd', real), {
      message: `${fstab}: line 2 (as ${as}) mounts /real/h already`,
    })
  }
  scratch(root, { [fstab]: `${fstabLine({ ...real, target: '/link/h' }, true)}\n` })
  t.hasStrict(await put('fstab', real), { outcome: 'done' })
  t.equal(text(fstab), `${fstabLine(real, true)}\n`, 'its own line gets the name without links')
  scratch(root, { [fstab]: `x /link/h y\n${fstabLine({ ...real, target: '/link/h' }, true)}\n` })
  t.hasStrict(await take('/real/h'), [
    { kind: 'fstab', words: [`${fstab}: line 1 (as /link/h) mounts /real/h too, and stays`] },
  ])
  t.equal(text(fstab), 'x /link/h y\n')
  scratch(root, { [fstab]: '' })
  const aliased = '/etc/systemd/system/link-h.mount'
  const about = `${aliased} is there for /link/h, which leads to /real/h`
  scratch(root, { [aliased]: '#' })
  for (const kind of ['fstab', 'systemd'] as const)
    await t.rejects(put(kind, real), {
      message: `${about}, and was not written by hugepool`,
      hint: 'remove it: systemd does not mount through symbolic links',
    })
  await t.rejects(take('/real/h'), { message: `${about}, and was not written by hugepool` })
  scratch(root, { [aliased]: unitText({ ...real, target: '/link/h' }) })
  await t.rejects(put('systemd', real), {
    message: about,
    hint: 'remove it: hugepool umount /real/h --persist',
  })
  t.hasStrict(await take('/real/h'), [{ kind: 'systemd', path: aliased, outcome: 'done' }])
  t.hasStrict(await put('systemd', real), { outcome: 'done' })
})

/** Types lines into a shell whose /etc is that of a scratch machine, for one machine after the other. */
const typeInto = (turns: readonly { typed: string; lines: readonly string[] }[]): void => {
  const script = turns
    .map(({ typed, lines }) => lines.join('\n').replaceAll(/( |'|^)\/etc\//gm, `$1${typed}/etc/`))
    .join('\n')
  const { status, stderr } = spawnSync('sh', ['-eu'], { encoding: 'utf8', input: script })
  if (status !== 0) throw new Error(stderr)
}

/** Links of a machine whose lines were typed lead into its root. */
const seen = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .map((entry) => [join(entry.parentPath, entry.name), entry] as const)
      .filter(([, entry]) => !entry.isDirectory())
      .map(([path, entry]) => [
        path.slice(root.length),
        entry.isSymbolicLink()
          ? readlinkSync(path).replace(root, '')
          : readFileSync(path, 'latin1'),
      ]),
  )

t.test('a dry run writes nothing, and its lines typed into a shell do the same', async (t) => {
  const typing: { typed: string; lines: readonly string[]; wanted: object; name: string }[] = []
  // How fstab ends has nothing to do with the name of a directory.
  for (const [index, target] of awkwardTargets.entries())
    for (const kind of ['fstab', 'systemd'] as const)
      for (const end of index === 0 ? ['', '\n'] : ['\n']) {
        const { root } = machine(t, { ...withRunning, [fstab]: `# a${end}` })
        const desired = { ...huge, target }
        const turns = [
          (copy: string, options: typeof now) =>
            persistMount(portsOn(copy), desired, kind, options),
          (copy: string, options: typeof now) =>
            persistMount(portsOn(copy), { ...desired, size: huge.pageSize }, kind, options),
          (copy: string, options: typeof now) => unpersistMount(portsOn(copy), target, options),
        ]
        for (const turn of turns) {
          const typed = temporary(t)
          cpSync(root, typed, { recursive: true, verbatimSymlinks: true })
          const planned = [await turn(root, dry)].flat()
          t.strictSame(seen(root), seen(typed), 'nothing was written')
          t.strictSame([await turn(root, now)].flat(), planned, 'it says what will be done')
          const lines = planned.flatMap((each) => each.lines)
          typing.push({ typed, lines, wanted: seen(root), name: `${target}, ${kind}` })
        }
      }
  typeInto(typing)
  for (const { typed, wanted, name } of typing) t.strictSame(seen(typed), wanted, name)
})

t.test('a directory in place of the backup is named before anything is done', async (t) => {
  const { ports, put, take, text } = machine(t, { [fstab]: `${before}\n${ownLine}` })
  scratch(ports.tree.root, { [`${backup}/x`]: '' })
  const refusal = { code: 'E_REFUSED', message: `${backup}: is a directory`, hint: 'remove it' }
  const other = { ...huge, size: 2n * huge.pageSize }
  t.throws(() => checkPersist(ports, other, 'fstab'), refusal)
  t.throws(() => checkUnpersist(ports, huge.target), refusal)
  await t.rejects(put('fstab', other), refusal)
  await t.rejects(take(), refusal)
  const step = {
    do: 'replace',
    path: fstab,
    before: text(fstab),
    after: '',
    backup,
    shell: [],
  } as const
  t.throws(() => carryOutFileStep(ports.tree, step), refusal, 'one that appears later too')
  t.equal(text(fstab), `${before}\n${ownLine}`)
})

t.test('what is no file is refused before anything is done', async (t) => {
  const { ports, put } = machine(t, { [`${fstab}/x`]: '' })
  t.throws(() => checkPersist(ports, huge, 'fstab'), {
    message: `${fstab} is not a regular file`,
  })
  await t.rejects(put('fstab'), { code: 'E_REFUSED' })
})
