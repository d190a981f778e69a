import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'
import { mostOctets } from '../../../src/model/config/config-text.ts'
import {
  type ConfigSource,
  readConfiguration,
} from '../../../src/operations/config/read-configuration.ts'
import { faultsIn, said } from '../../helpers/config.ts'
import { cpuSpent, leastSpent } from '../../helpers/cpu-spent.ts'
import { scratch } from '../../helpers/persist.ts'
import * as fc from '../../helpers/property.ts'
import { temporary, treeOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine = (t: Test, files: Readonly<Record<string, string>>): Tree => {
  const root = temporary(t)
  scratch(root, files)
  return directoryTree(root)
}

const read = (tree: Tree, source: ConfigSource = { from: 'machine' }) =>
  readConfiguration({ tree }, source)

const pages = (count: bigint) => ({ kind: 'pages', sign: '', pages: count }) as const
const usual = { essential: true, optional: false, boot: false }

t.test('a machine that has nothing to be set', async (t) => {
  t.strictSame(read(treeOf('two-nodes')), {
    pools: [],
    mounts: [],
    boot: {},
    tune: {},
    files: [],
    positions: new Map(),
    skipped: [],
  })
})

t.test('files are merged key by key, and the later one wins', async (t) => {
  const tree = machine(t, {
    '/etc/hugepool.toml': `leave = "1G"
[pools.2M]
pages = 4
overcommit = 1
[tune]
shm-group = 5
[mounts."/m"]
page-size = "2M"
size = "8M"
`,
    '/usr/lib/hugepool.d/10-a.toml': `[pools.2048kB]
pages = "0:1,1:2"
essential = false
[pools.1G]
pages = ">=1"
[boot]
cma = "2G"
[mounts."//m/"]
size = "16M"
mode = "0700"
`,
    '/etc/hugepool.d/20-b.toml': `[pools.1G]
boot = true
[boot]
free-vmemmap = false
`,
  })
  const configuration = read(tree)
  t.strictSame(said(configuration), {
    pools: [
      { size: G, pages: { counts: pages(1n), atLeast: true }, ...usual, boot: true },
      {
        size: 2n * M,
        pages: {
          counts: [
            { node: 0, count: pages(1n) },
            { node: 1, count: pages(2n) },
          ],
          atLeast: false,
        },
        overcommit: pages(1n),
        ...usual,
        essential: false,
      },
    ],
    mounts: [
      {
        request: {
          target: '/m',
          pageSize: 2n * M,
          size: { kind: 'memory', bytes: 16n * M },
          mode: '0700',
          flagWords: '',
        },
        mkdir: false,
        over: false,
      },
    ],
    boot: { freeVmemmap: false, cma: '2G' },
    tune: { shmGroup: '5' },
    leave: G,
  })
  t.strictSame(configuration.files, [
    '/etc/hugepool.toml',
    '/usr/lib/hugepool.d/10-a.toml',
    '/etc/hugepool.d/20-b.toml',
  ])
  const placed = [...configuration.positions].map(
    ([key, position]) =>
      `${key} ${position.file}:${position.line}:${position.column} ${position.key}`,
  )
  t.strictSame(placed.sort(), [
    'boot.cma /usr/lib/hugepool.d/10-a.toml:7:1 boot.cma',
    'boot.free-vmemmap /etc/hugepool.d/20-b.toml:4:1 boot.free-vmemmap',
    'leave /etc/hugepool.toml:1:1 leave',
    'mounts."/m" /usr/lib/hugepool.d/10-a.toml:8:2 mounts."//m/"',
    'mounts."/m".mode /usr/lib/hugepool.d/10-a.toml:10:1 mounts."//m/".mode',
    'mounts."/m".page-size /etc/hugepool.toml:8:1 mounts."/m".page-size',
    'mounts."/m".size /usr/lib/hugepool.d/10-a.toml:9:1 mounts."//m/".size',
    'pools.1G /etc/hugepool.d/20-b.toml:1:2 pools.1G',
    'pools.1G.boot /etc/hugepool.d/20-b.toml:2:1 pools.1G.boot',
    'pools.1G.pages /usr/lib/hugepool.d/10-a.toml:5:1 pools.1G.pages',
    'pools.2M /usr/lib/hugepool.d/10-a.toml:1:2 pools.2048kB',
    'pools.2M.essential /usr/lib/hugepool.d/10-a.toml:3:1 pools.2048kB.essential',
    'pools.2M.overcommit /etc/hugepool.toml:4:1 pools.2M.overcommit',
    'pools.2M.pages /usr/lib/hugepool.d/10-a.toml:2:1 pools.2048kB.pages',
    'tune.shm-group /etc/hugepool.toml:6:1 tune.shm-group',
  ])
})

t.test('faults of all files are told together', async (t) => {
  const tree = machine(t, {
    '/etc/hugepool.toml': 'leave = "x"\n[when]\nhost = "a"\n',
    '/etc/hugepool.d/a.toml': '[mounts."/m"]\nsize = "1M"\n',
    '/etc/hugepool.d/b.toml': '\n[tune]\ngroup = 1\n',
  })
  t.strictSame(
    faultsIn(() => read(tree)),
    [
      "/etc/hugepool.toml:1:1: leave: 'x' is not an amount of memory | an amount is written as 2G, 512M or 0",
      '/etc/hugepool.d/b.toml:3:1: tune.group: there is no such key | the keys there are shm-group',
    ],
  )
})

t.test('a condition in the main file is a mistake', async (t) => {
  const tree = machine(t, { '/etc/hugepool.toml': 'leave = 1\n[when]\nhost = "a"\n' })
  t.strictSame(
    faultsIn(() => read(tree)),
    [
      '/etc/hugepool.toml:2:2: when: stands in drop-ins alone | move it into a file of /etc/hugepool.d',
    ],
  )
})

t.test('what no machine could make is known once the files are merged', async (t) => {
  const tree = machine(t, {
    '/etc/hugepool.d/a.toml': '[mounts."/m"]\nsize = "1M"\n[mounts."/n"]\npage-size = "1G"\n',
    '/etc/hugepool.d/b.toml':
      '[mounts."/n/"]\nsize = "1G"\nmin-size = "2G"\n[mounts."/o"]\nmin-size = "3M"\npage-size = "2M"\n',
  })
  t.strictSame(
    faultsIn(() => read(tree)),
    [
      '/etc/hugepool.d/a.toml:1:2: mounts."/m": has no page-size | name it: the default is another one with another kernel command line',
      '/etc/hugepool.d/b.toml:3:1: mounts."/n/".min-size: is more than size | size is what the files may take at most',
      '/etc/hugepool.d/b.toml:5:1: mounts."/o".min-size: 3M is not a whole number of 2M pages | the nearest amounts are 2M and 4M',
    ],
  )
})

const recorded = {
  '/proc/sys/kernel/hostname': 'DB-1.example\n',
  '/proc/sys/kernel/arch': 'x86_64\n',
  '/proc/meminfo': 'MemTotal:       65746512 kB\n',
  '/sys/devices/system/node/node0/meminfo': 'Node 0 MemTotal: 4 kB\n',
  '/sys/devices/system/node/node2/meminfo': 'Node 2 MemTotal: 4 kB\n',
  '/sys/devices/system/node/node3/meminfo': 'Node 3 MemTotal: 0 kB\n',
  '/proc/cpuinfo': 'flags\t: fpu lm hypervisor\n',
  '/sys/class/dmi/id/sys_vendor': 'VMware, Inc.\n',
}

t.test('a drop-in for other machines does not count, and says why', async (t) => {
  const conditions: readonly (readonly [words: string, why: string | undefined])[] = [
    ['host = "db-*"', undefined],
    ['host = "db-1"', "when.host in line 2: this host is 'DB-1.example'"],
    ['host = ["web-*", "d?-1.EXAMPLE"]', undefined],
    ['nodes = 2', undefined],
    ['nodes = ">=3"', 'when.nodes in line 2: this machine has 2 nodes'],
    ['nodes = [1, "<2"]', 'when.nodes in line 2: this machine has 2 nodes'],
    ['nodes = [1, "<=2"]', undefined],
    ['memory = ">=62G"', undefined],
    ['memory = ">=64G"', 'when.memory in line 2: this machine has 62G'],
    ['memory = ["<8G", ">62G"]', undefined],
    ['arch = "amd64"', undefined],
    ['arch = ["aarch64", "s390x"]', 'when.arch in line 2: this machine is x86_64'],
    ['virtualization = "vm"', undefined],
    ['virtualization = ["none", "vmware"]', undefined],
    ['virtualization = "none"', 'when.virtualization in line 2: this machine is vmware'],
    ['host = "*"\nnodes = 4\narch = "x"', 'when.nodes in line 3: this machine has 2 nodes'],
  ]
  for (const [words, why] of conditions) {
    const file = '/usr/lib/hugepool.d/a.toml'
    const tree = machine(t, { ...recorded, [file]: `[when]\n${words}\n[pools.2M]\npages = 1\n` })
    const { pools, files, skipped } = read(tree)
    t.strictSame(
      { pools: pools.length, files, skipped },
      why === undefined
        ? { pools: 1, files: [file], skipped: [] }
        : { pools: 0, files: [], skipped: [{ file, why }] },
      words,
    )
    const anyway = readConfiguration({ tree }, { from: 'machine' }, { anyMachine: true })
    t.strictSame(anyway.files, [file], 'for any machine')
  }
})

t.test('what does not count is judged all the same, and hides others', async (t) => {
  const when = '[when]\nhost = "other"\n'
  const hidden = machine(t, {
    ...recorded,
    '/etc/hugepool.d/a.toml': when,
    '/usr/lib/hugepool.d/a.toml': '[pools.2M]\npages = 1\n',
    '/usr/lib/hugepool.d/b.toml': '',
  })
  const { pools, skipped } = read(hidden)
  t.strictSame(pools, [])
  t.strictSame(skipped, [
    { file: '/usr/lib/hugepool.d/b.toml', why: 'is empty' },
    { file: '/usr/lib/hugepool.d/a.toml', why: 'is hidden by /etc/hugepool.d/a.toml' },
    { file: '/etc/hugepool.d/a.toml', why: "when.host in line 2: this host is 'DB-1.example'" },
  ])
  const wrong = machine(t, {
    ...recorded,
    '/etc/hugepool.d/a.toml': `${when}[pools.2M]\npage = 1\n`,
  })
  t.strictSame(
    faultsIn(() => read(wrong)),
    ['/etc/hugepool.d/a.toml:4:1: pools.2M.page: there is no such key: did you mean pages?'],
  )
})

t.test('what is not known of the machine is no reason to guess', async (t) => {
  const asked: Readonly<Record<string, string>> = {
    'host = "a"': 'the name of this machine is not to be seen',
    'memory = ">1G"': 'the memory of this machine is not to be seen',
    'arch = "a"': 'the architecture of this machine is not to be seen',
    'virtualization = "vm"': 'the virtualization of this machine is not to be seen',
  }
  for (const [words, message] of Object.entries(asked)) {
    const tree = machine(t, { '/etc/hugepool.d/a.toml': `[when]\n${words}\n` })
    t.throws(() => read(tree), {
      code: 'E_UNSUPPORTED',
      message: `/etc/hugepool.d/a.toml:2:1: when.${words.replace(/ .*/, '')}: ${message}`,
    })
  }
})

t.test('one file by its name, or a text', async (t) => {
  const tree = machine(t, { '/etc/hugepool.toml': 'garbage', '/x': 'leave = 5\n' })
  const file = join(tree.root, 'x')
  t.strictSame(read(tree, { from: 'file', path: file }).files, [file])
  t.equal(read(tree, { from: 'file', path: file }).leave, 5n)
  const named = read(tree, { from: 'text', text: '[tune]\nshm-group = "b\u00e4r"', name: 'own' })
  t.strictSame([named.files, named.tune], [['own'], { shmGroup: 'b\u00e4r' }])
  t.strictSame(
    faultsIn(() => read(tree, { from: 'file', path: `${file}/..` })),
    [`${file}/..: no such file`],
  )
})

const endOf = (tree: Tree, source?: ConfigSource): unknown => {
  try {
    read(tree, source)
    return 'was read'
  } catch (error) {
    if (!(error instanceof HugepoolError)) throw error
    if (error.message.length > 4000) return `says ${error.message.length} characters`
    return error.exitCode
  }
}

const mebi = 1024 * 1024
const most = mostOctets - 100
/** Text of as many pieces as a file may have. */
const many = (piece: (index: number) => string): string => {
  let text = ''
  for (let index = 0; text.length < most; index += 1) text += piece(index)
  return text.slice(0, text.length - piece(0).length)
}

const commented = machine(t, { '/etc/hugepool.d/a.toml': many(() => '# x\n') })
/** The most microseconds that a read may take: so many times those of the largest file of comments. */
const patience = 50 * leastSpent(() => read(commented))

/**
 * The end of a read: its status, and whether it came in time. In a process with much behind it, one that
 * takes long may have had the garbage of others to collect: it is read once more.
 */
const ended = (tree: Tree, source?: ConfigSource): unknown => {
  let end: unknown
  const reading = () => {
    end = endOf(tree, source)
  }
  const first = cpuSpent(reading)
  const spent = first > patience ? leastSpent(reading) : first
  return spent > patience ? `took ${spent} of ${patience} microseconds` : end
}

const deep = (open: string, close: string) => `a = ${open.repeat(5000)}${close.repeat(5000)}`

const garbage: Readonly<Record<string, string | Buffer>> = {
  'five MiB of one letter': 'x'.repeat(5 * mebi),
  'five MiB of comments': '# x\n'.repeat(1.25 * mebi),
  'more than may be': ' '.repeat(mostOctets + 1),
  'many keys': many((index) => `k${index} = 1\n`),
  'many tables': many((index) => `[t${index}]\n`),
  'many pools': many((index) => `[pools.${index}]\n`),
  'many mounts': many((index) => `[mounts."/${index}"]\n`),
  'many mounts without a line': many((index) => `mounts."/${index}".mode = "0755"\n`),
  'a long text': `[pools.2M]\npages = "${'9'.repeat(most)}"`,
  'many nodes': `[pools.2M]\npages = "${many(() => '1:1,')}1:1"`,
  'many nodes that differ': `[pools.2M]\npages = "${many((index) => `${index}:1,`)}1:1"`,
  'many digits': `[pools.2M]\npages = ${'9'.repeat(most)}`,
  'many dots': `${many(() => 'a.')}a = 1`,
  'many dots in a header': `[${many(() => 'a.')}a]`,
  'many brackets': '['.repeat(most),
  'a long list': `a = [${many(() => '1,')}]`,
  'many flags': `[mounts."/m"]\noptions = "${many(() => 'ro,')}x"`,
  'many quotes': '"'.repeat(most),
  'a long path': `[mounts."${many(() => '/..')}"]`,
  'many hosts': `[when]\nhost = [${many(() => '"a b",')}]`,
  'deep lists': deep('[', ']'),
  'deep tables': deep('{a=', '}'),
  'deeper lists': '['.repeat(200_000),
  NUL: 'a = 1\n\0',
  'NUL alone': '\0',
  'UTF-16': Buffer.from('\ufeffleave = 1\n', 'utf16le'),
  'UTF-16 without a mark': Buffer.from('leave = 1\n', 'utf16le'),
  'UTF-32': Buffer.from('\xff\xfe\0\0l\0\0\0', 'latin1'),
  'a byte order mark': '\ufeffleave = 1\n',
  'Latin-1': Buffer.from('# b\xe4r\n', 'latin1'),
  'a surrogate': Buffer.from('# \xed\xa0\x80\n', 'latin1'),
  'a control character': 'a = "\x01"',
  'carriage returns alone': 'a = 1\rb = 2',
  'a script': '#!/bin/sh\nsysctl vm.nr_hugepages=4\n',
  YAML: 'pools:\n  2M: 4\n',
  JSON: '{"pools": {}}',
  'words of the command line': '2M=512\n',
  'no key': '= 1',
  __proto__: '__proto__ = 1',
  constructor: '[constructor]',
  'a prototype of a pool': '[pools.__proto__]\npages = 1',
}

t.test('garbage ends with 2 in time', async (t) => {
  const root = temporary(t)
  mkdirSync(join(root, 'etc/hugepool.d'), { recursive: true })
  const tree = directoryTree(root)
  for (const [name, text] of Object.entries(garbage)) {
    writeFileSync(join(root, 'etc/hugepool.d/a.toml'), text)
    t.equal(ended(tree), 2, name)
    t.equal(ended(tree, { from: 'file', path: join(root, 'etc/hugepool.d/a.toml') }), 2, name)
  }
})

t.test('what is no file ends with 2 as well', async (t) => {
  const tree = machine(t, { '/etc/hugepool.d/b.toml': 'leave = 1\n' })
  const { root } = tree
  const file = join(root, 'etc/hugepool.d/a.toml')
  const make: Readonly<Record<string, () => unknown>> = {
    'a directory': () => mkdirSync(file),
    'a fifo': () => execFileSync('mkfifo', [file]),
    'a link that leads nowhere': () => symlinkSync('none', file),
    'a link in a circle': () => symlinkSync('a.toml', file),
    'a link to a directory': () => symlinkSync('.', file),
  }
  for (const [name, act] of Object.entries(make)) {
    act()
    t.equal(ended(tree), 2, name)
    t.equal(ended(tree, { from: 'file', path: file }), 2, name)
    execFileSync('rm', ['-r', file])
  }
  for (const path of ['/dev/zero', '/dev/null', '/', '/no/such', ''])
    t.equal(ended(tree, { from: 'file', path }), 2, path)
  // It makes readers wait, and is root's alone.
  const status = ended(tree, { from: 'file', path: '/proc/kmsg' })
  t.equal(status, process.getuid?.() === 0 ? 2 : 3)
})

t.test('any text is read or refused', async () => {
  const line = fc.oneof(
    fc.constantFrom(
      '[pools.2M]',
      'pages = ',
      '[mounts."/a"]',
      'page-size = "2M"',
      '[when]',
      'host = ["a"',
      '{ a = ',
      "'''",
      '"""',
    ),
    fc.string(),
    fc.string({ unit: fc.character }),
    fc.stringMatching(/^[a-z[\]{}="'.,#0-9 -]{0,30}$/),
  )
  const tree = directoryTree('/nonexistent')
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 6 }),
      fc.constantFrom('\n', ' ', ''),
      (lines, between) => {
        const text = lines.join(between)
        try {
          read(tree, { from: 'text', text, name: 'x' })
          return true
        } catch (error) {
          return error instanceof HugepoolError && error.code !== 'E_BUG'
        }
      },
    ),
    { numRuns: 2000 },
  )
})
