import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { parse } from '../src/cli/parse.ts'
import { hugepoolWords, pageText, sectionOf } from './helpers/manual-pages.ts'
import { onKernel, onRecording } from './helpers/manual-stages.ts'
import { G, M } from './helpers/sizes.ts'

// README shows what to type and what comes of it; what can be typed there is accepted by the
// program as it is now, and what is shown is what it prints.

const top = join(import.meta.dirname, '..')
const readme = readFileSync(join(top, 'README.md'), 'utf8')

/** The command lines between backquotes, without those that leave something out. */
const spoken = [...readme.matchAll(/`(hugepool [^` ]+ [^`]+)`/g)]
  .map(([, line = '']) => line.replaceAll('\\|', '|'))
  .filter((line) => !/\.\.\.|\[|\b[A-Z]{3,}\b|\|/.test(line.replace(/\b(?:NODE|DIR|N)\b/g, '')))
  .map((line) => line.replace(/=N\b/, '=8').replace('NODE', '0').replace('DIR', '/mnt/huge'))

interface Shown {
  readonly line: string
  readonly text: readonly string[]
}

/** What stands behind a prompt, with what is shown of its output. */
const shown: readonly Shown[] = [...readme.matchAll(/^```\n(\$ [\s\S]*?)^```$/gm)]
  .flatMap(([, block = '']) => block.split(/^\$ /m).slice(1))
  .map((part) => {
    const [line = '', ...text] = part.trimEnd().split('\n')
    return { line, text }
  })

const accepts = async (line: string): Promise<void> => {
  const parsed = await parse(hugepoolWords(line) ?? [])
  if (parsed.kind === 'run') parsed.command.prepare(parsed.words)
}

t.test('every command line of README is accepted', async (t) => {
  t.ok(spoken.length > 20, `${spoken.length}`)
  for (const line of spoken) await t.resolves(() => accepts(line), line)
  const accepted = shown.filter(
    ({ line, text }) => line.startsWith('hugepool') && !text.join().startsWith('hugepool: '),
  )
  t.ok(accepted.length > 0)
  for (const { line } of accepted) await t.resolves(() => accepts(line), line)
})

const twoNodes = {
  machine: {
    nodes: [
      { id: 0, memory: 3n * G },
      { id: 1, memory: 3n * G },
    ],
    pools: [
      { size: 2n * M, persistent: { 0: 512n, 1: 384n } },
      { size: G, persistent: { 1: 2n } },
    ],
  },
}

/** Numbers depend on the machine, and widths on them. */
const shape = (line: string): string =>
  line.replaceAll(/[0-9]+(\.[0-9]+)?[KMGT]?/g, '#').replaceAll(/ +/g, ' ')

const exampleOf = (line: string): readonly string[] =>
  shown.find((one) => one.line === line)?.text ?? []

t.test('tables and dry runs are printed as README shows them', async (t) => {
  for (const line of [
    'hugepool list',
    'hugepool list --per-node',
    'hugepool resize 2M=0:512,1:512 1G=1:1 --dry-run',
  ]) {
    const machine = line.includes('resize')
      ? { ...twoNodes.machine, pools: [{ size: 2n * M }, { size: G }] }
      : twoNodes.machine
    const { status, stdout, stderr } = await onKernel(hugepoolWords(line) ?? [], { machine })
    t.equal(status, 0, stderr)
    const lines = stdout.trimEnd().split('\n')
    t.strictSame(lines.map(shape), exampleOf(line).map(shape), line)
  }
})

t.test('what is refused is refused in the words of README', async (t) => {
  const line = 'hugepool mount /mnt/huge1g --mkdir --pagesize 1G --size 4M'
  const words = [...(hugepoolWords(line) ?? []), '--dry-run']
  const { status, stderr } = await onRecording(t, words, { mounts: [] })
  t.equal(status, 2)
  t.strictSame(stderr.trimEnd().split('\n'), exampleOf(line))
})

t.test('a shortfall is told in the words of README', async (t) => {
  const { status, stdout, stderr } = await onKernel(['resize', '1G=4'], {
    machine: {
      nodes: [
        { id: 0, memory: 8n * G },
        { id: 1, memory: 8n * G },
      ],
      pools: [{ size: G }],
      release: '6.12',
    },
    prepare: (kernel) => kernel.limitGrowth(G, 0n),
  })
  t.equal(status, 64, stderr + stdout)
  const words = exampleOf('hugepool resize 1G=4').filter((text) => /^(?:hugepool|hint):/.test(text))
  t.strictSame(stderr.trimEnd().split('\n').map(shape), words.map(shape))
})

const { artefactsOf } = await import(pathToFileURL(join(top, 'bin/release/artefacts.mjs')).href)

/** A way to install: what is typed, with what removes it behind the last line. */
const ways = (readme.split('\n## Install\n')[1]?.split('```')[1] ?? '')
  .split('\n\n')
  .map((way) => way.split('\n').filter((line) => line !== '' && line !== 'sh' && !/^# /.test(line)))

t.test('the first screen installs and removes it in every way', async (t) => {
  const { name, version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
  const end = readme.split('\n').findIndex((line) => line.includes('rm /usr/local/bin/hugepool'))
  t.ok(end > 0 && end < 25, `line ${end}`)
  t.equal(ways.length, 4)
  for (const way of ways) {
    t.ok(way.length === 1 || way.length === 2, way.join())
    t.match(way.at(-1), / # (?:npm uninstall -g|apt purge|dnf remove|rm \/\S*)\s?\/?hugepool$/)
  }
  t.ok(ways.flat().some((line) => line.startsWith(`npm install -g ${name} `)))

  const made = artefactsOf(version)
  const names = readme.match(/hugepool[-_]\d[\w.-]*\w/g) ?? []
  const files = [`${name}-${version}.tgz`, ...made.map((each: { name: string }) => each.name)]
  t.ok(names.length > 5)
  t.strictSame(
    names.filter((each) => !files.includes(each)),
    [],
    'no other name, nor another version',
  )
  for (const what of new Set<string>(made.map((each: { what: string }) => each.what))) {
    const known = made.filter((each: { what: string }) => each.what === what)
    t.ok(
      known.some((each: { name: string }) => ways.flat().join().includes(each.name)),
      what,
    )
  }
  t.ok(readme.includes(`/releases/download/v${version}/`))
  const maker = readFileSync(join(top, 'bin/one-file/make.mjs'), 'utf8')
  t.match(maker, /`hugepool-\$\{version\}-linux-\$\{arch\}`/)
})

t.test('README and hugepool(8) lead through the first ten minutes', async (t) => {
  const manual = pageText('hugepool.8')
  for (const title of [
    'Which page size',
    'How a program asks for pages',
    'HugeTLB is not THP',
    'Installation',
  ])
    t.match(manual, `\n.Ss ${title}\n`)
  for (const words of ['## Install', 'Which page size?', 'not *transparent*', 'When it goes wrong'])
    t.ok(readme.includes(words), words)
  const troubles = sectionOf(manual, 'TROUBLESHOOTING').join('\n')
  for (const [inManual, inReadme] of [
    [/ENOMEM/, /ENOMEM/],
    [/SIGBUS/, /SIGBUS/],
    [/64 after a shrink/, /64 after a shrink/],
    [/64 after a growth/, /64 after a growth/],
    [/do not come back/, /do not come back/],
    [/after a reboot/, /after a reboot/],
  ] as const) {
    t.match(troubles, inManual)
    t.match(readme, inReadme)
  }
  for (const program of [
    'MAP_HUGETLB',
    'PostgreSQL',
    'QEMU',
    'libvirt',
    'JVM',
    'MariaDB',
    'DPDK',
  ]) {
    t.ok(readme.includes(program), program)
    t.ok(manual.includes(program), program)
  }
})

t.test('README and hugepool(8) say when the version of a document rises', async (t) => {
  const rule = 'rises when a key goes or changes its meaning; keys may be added'
  for (const text of [readme, pageText('hugepool.8')])
    t.match(text.replaceAll(/^\.\w+ /gm, '').replaceAll(/\s+/g, ' '), rule)
})

t.test('help is text and exit 0 also where a document is asked for', async (t) => {
  for (const line of ['--json --help', 'list --help --json', 'resize --json --help 2X=1']) {
    const { status, stdout } = await onKernel(line.split(' '))
    t.equal(status, 0, line)
    t.match(stdout, /^Usage: hugepool /, line)
  }
})
