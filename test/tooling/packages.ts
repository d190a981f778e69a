import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { mountRecordPath } from '../../src/kernel/config/mount-record.ts'
import { lockFiles } from '../../src/kernel/lock.ts'
import { ownMark } from '../../src/model/boot/loaders/own-file.ts'
import { readConfigFile } from '../../src/model/config/config-file.ts'
import { mergeIntoDropIn } from '../../src/model/config/own-drop-in.ts'
import { applyUnitText } from '../../src/model/config/service/apply-unit.ts'
import { openrcScript } from '../../src/model/config/service/init-scripts.ts'
import { packagedText } from '../../src/model/config/service/packaged-unit.ts'
import { mergeIntoStartFile } from '../../src/model/config/tune/own-start-file.ts'
import { octets } from '../../src/model/etc/octets.ts'
import { unitText } from '../../src/model/mounts/persist/systemd-unit.ts'
import { timerText, writingText } from '../../src/model/telemetry/timer-units.ts'
import { filesBelow, temporary } from '../helpers/run.ts'

const top = join(import.meta.dirname, '../..')
const textOf = (path: string): string => readFileSync(join(top, path), 'utf8')
const ofPackages = (name: string) => import(pathToFileURL(join(top, 'bin/packages', name)).href)

const words = ['/usr/bin/hugepool']
const start = { words, form: 'early', late: [] } as const
const textfile = '/var/lib/prometheus/node-exporter/hugepool.prom'

t.test('units are those that hugepool would write for its program', async (t) => {
  const { unitsOf } = await ofPackages('units.mjs')
  t.strictSame(await unitsOf(top), {
    'hugepool.service': packagedText(applyUnitText(start)),
    'hugepool-metrics.service': packagedText(writingText(words, { textfile, holders: false })),
    'hugepool-metrics.timer': packagedText(timerText),
  })
})

t.test('the configuration of a package asks for nothing', async (t) => {
  const read = (text: string) => {
    const { positionOf: _, ...values } = readConfigFile(octets(text), '/etc/hugepool.toml')
    return values
  }
  t.strictSame(read(textOf('bin/packages/hugepool.toml')), read(''))
  // The example in it is right as well, without the marks of a comment.
  const example = textOf('bin/packages/hugepool.toml').replace(/^# (?=\[|pages)/gm, '')
  t.equal(read(example).pools.size, 1)
})

const sources = {
  program: '/program',
  pages: [
    { name: 'hugepool.8', text: 'eight' },
    { name: 'hugepool.toml.5', text: 'five' },
  ],
  completions: { bash: 'b', zsh: 'z', fish: 'f' },
  units: { 'hugepool.service': 'u' },
  configuration: 'c',
  tmpfiles: 't',
  readme: 'r',
  bom: 'b',
  changelog: 'l',
  licence: 'free',
}

/** A file or directory of a tree. */
interface Laid {
  readonly path: string
  readonly mode: number
  readonly from?: string
  readonly text: string | Uint8Array
  readonly isDirectory?: boolean
}

t.test('where everything goes', async (t) => {
  const { treeOf } = await ofPackages('tree.mjs')
  const treeIn = (family: string) =>
    Object.fromEntries(
      treeOf(family, sources).map(({ path, mode, from, text, isDirectory }: Laid) => {
        const shown = path.endsWith('.gz') ? `${gunzipSync(text)}` : text
        return [path, `${mode.toString(8)} ${isDirectory ? '(directory)' : (from ?? shown)}`]
      }),
    )
  const everywhere = {
    '/usr/bin/hugepool': '755 /program',
    '/usr/share/man/man8/hugepool.8.gz': '644 eight',
    '/usr/share/man/man5/hugepool.toml.5.gz': '644 five',
    '/usr/share/bash-completion/completions/hugepool': '644 b',
    '/usr/share/fish/vendor_completions.d/hugepool.fish': '644 f',
    '/usr/lib/systemd/system/hugepool.service': '644 u',
    '/usr/lib/tmpfiles.d/hugepool.conf': '644 t',
    '/etc/hugepool.toml': '644 c',
    '/etc/hugepool.d': '755 (directory)',
    '/usr/share/doc/hugepool/README.md': '644 r',
    '/usr/share/doc/hugepool/sbom.cdx.json': '644 b',
  }
  t.strictSame(treeIn('debian'), {
    ...everywhere,
    '/usr/share/zsh/vendor-completions/_hugepool': '644 z',
    '/usr/share/doc/hugepool/changelog.gz': '644 l',
    '/usr/share/doc/hugepool/copyright': '644 free',
  })
  t.strictSame(treeIn('rpm'), {
    ...everywhere,
    '/usr/share/zsh/site-functions/_hugepool': '644 z',
    '/usr/share/doc/hugepool': '755 (directory)',
    '/usr/share/doc/hugepool/CHANGELOG.md': '644 l',
    '/usr/share/licenses/hugepool': '755 (directory)',
    '/usr/share/licenses/hugepool/LICENSE': '644 free',
  })
})

t.test('what a start makes in /run is what the program has there', async (t) => {
  const { tmpfiles } = await ofPackages('sources.mjs')
  const made = tmpfiles.split('\n').filter((line: string) => !/^#|^$/.test(line))
  const [lock] = lockFiles.filter(({ isMade }) => isMade)
  t.strictSame(made, [
    `d ${dirname(mountRecordPath)} 0755 root root -`,
    `f ${lock?.path} 0600 root root -`,
  ])
})

t.test('a tree is laid out alike under each mask, and as old as is said', async (t) => {
  const { layOut } = await ofPackages('lay-out.mjs')
  const from = join(temporary(t), 'program')
  writeFileSync(from, 'x')
  const tree = [
    { path: '/a/b/c', mode: 0o755, from },
    { path: '/a/d', mode: 0o644, text: 'd' },
    { path: '/e', mode: 0o755, isDirectory: true },
  ]
  const laid = (mask: number) => {
    const root = mkdtempSync(join(temporary(t), 'root-'))
    const before = process.umask(mask)
    try {
      layOut(root, tree, 1_000_000_000)
    } finally {
      process.umask(before)
    }
    return ['.', ...Object.keys(filesBelow(root))].map((name) => {
      const { mode, mtimeMs } = statSync(join(root, name))
      return `${name} ${(mode & 0o7777).toString(8)} ${mtimeMs / 1000}`
    })
  }
  const expected = ['. 755', 'a 755', 'a/b 755', 'a/b/c 755', 'a/d 644', 'e 755']
  for (const mask of [0, 0o077])
    t.strictSame(
      laid(mask),
      expected.map((line) => `${line} 1000000000`),
    )
})

const changelog = `# Changelog

## [Unreleased]

### Added

- what nobody has yet

## [1.2.0] - 2026-11-22

### Added

- \`one\`: of 100% and
  two lines

### Fixed

- ${'word '.repeat(20)}end

[Unreleased]: https://example.org/
`

t.test('the changelog in the words of packages', async (t) => {
  const { debianChangelog, maintainer, noonOf, releasesIn, rpmChangelog } =
    await ofPackages('changes.mjs')
  const releases = releasesIn(changelog)
  const long = `${'word '.repeat(20)}end`
  t.strictSame(releases, [
    { version: '1.2.0', date: '2026-11-22', items: ['`one`: of 100% and two lines', long] },
  ])
  t.equal(noonOf('1970-01-02'), 36 * 60 * 60)
  t.equal(
    debianChangelog(releases),
    `hugepool (1.2.0-1) unstable; urgency=medium

  * \`one\`: of 100% and two lines
  * ${'word '.repeat(14).trim()}
    ${'word '.repeat(6)}end

 -- ${maintainer}  Sun, 22 Nov 2026 12:00:00 +0000
`,
  )
  t.equal(
    rpmChangelog(releases),
    `* Sun Nov 22 2026 ${maintainer} - 1.2.0-1
- \`one\`: of 100%% and two lines
- ${'word '.repeat(15).trim()}
  ${'word '.repeat(5)}end
`,
  )
  t.strictSame(
    releasesIn(textOf('CHANGELOG.md')).map(({ items }: { items: string[] }) => items.length > 0),
    [true],
  )
})

t.test('all licences are in the file copyright', async (t) => {
  const { copyrightText } = await ofPackages('copyright.mjs')
  const apache = textOf('node_modules/prom-client/LICENSE')
  const text = copyrightText({
    licence: 'Copyright (c) 2026 A\n\nfree\n',
    licences: `preface\n\n\n@a/b 1.0 (MIT)\n==============\n\nCopyright (c) 2020 B\n\n    as you like\n\n\nc 2.0 (Apache-2.0)\n=================\n\n${apache}`,
    nodeLicence: 'Copyright Node.js contributors.\n\nand others\n',
    homepage: 'https://example.org/',
  })
  const paragraphs: readonly string[] = text.split('\n\n')
  t.strictSame(
    paragraphs.map((each) => each.split('\n', 1)[0]),
    [
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
      'Files: *',
      'Files: node_modules/@a/b/*',
      'Files: node_modules/c/*',
      'Files: node/*',
    ],
  )
  t.equal(
    paragraphs[2],
    `Files: node_modules/@a/b/*
Copyright: Copyright (c) 2020 B
License: MIT-a-b
 Copyright (c) 2020 B
 .
     as you like
Comment: @a/b 1.0, of which code is in the bundle`,
  )
  t.match(paragraphs[3], '/usr/share/common-licenses/Apache-2.0')
  t.notMatch(paragraphs[3], 'TERMS AND CONDITIONS')
  t.match(paragraphs[4], '\n and others\n')

  const real = textOf('dist/THIRD-PARTY-LICENCES.txt')
  const names = [...real.matchAll(/^(\S+) \S+ \([^)]+\)\n=+$/gm)].map(([, name]) => name)
  const whole: string = copyrightText({
    licence: '',
    licences: real,
    nodeLicence: '',
    homepage: '',
  })
  t.ok(names.length > 10)
  t.strictSame(
    [...whole.matchAll(/^Files: node_modules\/(.+)\/\*$/gm)].map(([, name]) => name),
    names,
  )
})

t.test('what a file of this machine needs', async (t) => {
  const { dependsOf, lookInto } = await ofPackages('needs.mjs')
  const addon = join(top, 'native/build/Release/hugepool.node')
  const { libraries, glibc } = lookInto([addon])
  t.ok(libraries.includes('libc.so.6'))
  t.match(glibc, /^2\.\d+$/)
  t.match(dependsOf([addon]), new RegExp(`^libc6 \\(>= ${glibc}\\)`))
  t.match(dependsOf([process.execPath, addon]), /(?:^|, )libstdc\+\+6 \(>= \d+\.\d+\)$/)
})

t.test('the control file', async (t) => {
  const { controlText, installedSize, md5sums } = await ofPackages('deb/control.mjs')
  const tree = [
    { path: '/usr/bin/b', text: 'x'.repeat(1025) },
    { path: '/etc/hugepool.toml', text: 'x' },
    { path: '/etc/hugepool.d', isDirectory: true },
    { path: '/usr/a', text: '' },
  ]
  // Files have 2, 1 and 0, and /, /usr, /usr/bin, /etc and /etc/hugepool.d one each.
  t.equal(installedSize(tree), 8)
  t.equal(
    md5sums(tree),
    'd41d8cd98f00b204e9800998ecf8427e  usr/a\n0d149b90e7394297301c90191ae775f0  usr/bin/b\n'.replace(
      /^.*(?= {2}usr\/bin)/m,
      execFileSync('md5sum', { input: 'x'.repeat(1025), encoding: 'utf8' }).slice(0, 32),
    ),
  )
  const fields = { version: '1.2.0', arch: 'amd64', depends: 'd', size: 7, homepage: 'h' }
  const text = controlText({ ...fields, summary: 's', description: 'one two' })
  t.match(text, /^Package: hugepool\nVersion: 1\.2\.0-1\nArchitecture: amd64\n/)
  t.match(text, '\nInstalled-Size: 7\nDepends: d\nSection: admin\nPriority: optional\n')
  t.match(text, /\nDescription: s\n one two\n$/)
})

t.test('processors, and places of values', async (t) => {
  const { archOf, archsMeant } = await ofPackages('archs.mjs')
  const known = { x64: 'amd64', arm64: 'arm64' }
  t.strictSame(
    ['x64', 'amd64', 'arm64'].map((word) => archOf(known, word)),
    ['x64', 'x64', 'arm64'],
  )
  t.throws(() => archOf(known, 'mips'), { message: 'mips: packages are made for amd64, arm64' })
  t.strictSame(archsMeant(['node', 'make.mjs']), [process.arch])
  t.strictSame(archsMeant(['node', 'make.mjs', 'a', 'b']), ['a', 'b'])
  const { filled } = await ofPackages('alpine/filled.mjs')
  t.equal(filled('@A@ @B@ @A@', { a: '1', b: '2' }), '1 2 1')
  t.throws(() => filled('@A@', { a: '1', b: '2' }), { message: '@B@ is nowhere in the text' })
  t.throws(() => filled('@A@ @B1@', { a: '1' }), { message: 'nothing is known of @B1@' })
})

/** Whether a purge takes a text for hugepool's: the function of the script that says so, and no more of it. */
const isTaken = (t: Test, make: (path: string) => void): boolean => {
  const [body = ''] = /^is_ours\(\) \{\n[^}]*\n\}$/m.exec(textOf('bin/packages/deb/postrm')) ?? []
  const path = join(temporary(t), 'file')
  make(path)
  const { status } = spawnSync('sh', ['-c', `${body}\nis_ours "$1"`, 'sh', path])
  return status === 0
}

t.test('what hugepool writes is known to the purge of its package', async (t) => {
  const texts = {
    service: applyUnitText(start),
    script: openrcScript(start),
    metrics: writingText(words, { textfile, holders: false }),
    timer: timerText,
    words: `${ownMark}\n`,
    'drop-in': mergeIntoDropIn(undefined, {}),
    sysctl: mergeIntoStartFile('sysctl', octets('vm.a = 1\n'), []) ?? '',
    tmpfiles: mergeIntoStartFile('tmpfiles', octets('w /sys/a - - - - 1\n'), []) ?? '',
    mount: unitText({
      target: '/mnt/huge',
      pageSize: 2097152n,
      uid: 0,
      gid: 0,
      mode: 0o755,
      flags: [],
    } as never),
  }
  for (const [name, text] of Object.entries(texts))
    t.ok(
      isTaken(t, (path) => writeFileSync(path, text)),
      name,
    )
  const others = {
    empty: '',
    packaged: packagedText(timerText),
    later: `[Unit]\n\n${timerText}`,
    mentioned: `# See what is Written by hugepool; 'hugepool' has it.\n`,
  }
  for (const [name, text] of Object.entries(others))
    t.notOk(
      isTaken(t, (path) => writeFileSync(path, text)),
      name,
    )
  t.notOk(
    isTaken(t, () => undefined),
    'nothing',
  )
  const link = (path: string) => {
    writeFileSync(`${path}.to`, timerText)
    symlinkSync(`${path}.to`, path)
  }
  t.notOk(isTaken(t, link), 'a link')
})

t.test('scripts of packages are read by every shell', async (t) => {
  for (const name of [
    'deb/postinst',
    'deb/prerm',
    'deb/postrm',
    'rpm/post',
    'rpm/preun',
    'rpm/postun',
  ])
    for (const shell of ['dash', 'bash'])
      t.equal(
        spawnSync(shell, ['-n', join(top, 'bin/packages', name)]).status,
        0,
        `${shell} ${name}`,
      )
})
