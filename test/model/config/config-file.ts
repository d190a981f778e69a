import t from 'tap'
import { judgeFile, readConfigFile } from '../../../src/model/config/config-file.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { faultsIn } from '../../helpers/config.ts'
import { M } from '../../helpers/sizes.ts'

const faultsOf = (text: string): readonly string[] =>
  faultsIn(() => readConfigFile(octets(text), '/c')).map((fault) => fault.replace(/^\/c:/, ''))

const pagesForms = 'pages are written as 512, "8G", "0:512,1:256" or ">=512"'
const countForms = 'a count is written as 512 or "8G"'
const sizeForms = 'a page size is written as 2M, 1G, 2048kB or 2097152'
const forCommandLine = 'is for the command line alone'

/** What can be wrong with one line of a table, which stands in line 2, and what is said of it. */
const faultyLines: readonly (readonly [header: string, line: string, fault: string])[] = [
  [
    '[pools.1G]',
    'pages = "25%"',
    `pools.1G.pages: '25%' ${forCommandLine}: a share of the memory differs from one start to the next | ${pagesForms}`,
  ],
  [
    '[pools.1G]',
    'pages = "max"',
    `pools.1G.pages: 'max' ${forCommandLine}: as many as there is room for differs from one start to the next | ${pagesForms}`,
  ],
  [
    '[pools.1G]',
    'pages = "+4"',
    `pools.1G.pages: '+4' ${forCommandLine}: a relative count would change the pool at every start | ${pagesForms}`,
  ],
  [
    '[pools.1G]',
    'pages = -4',
    `pools.1G.pages: '-4' ${forCommandLine}: a relative count would change the pool at every start | ${pagesForms}`,
  ],
  [
    '[pools.1G]',
    'pages = ">=-4"',
    `pools.1G.pages: '>=-4' ${forCommandLine}: a relative count would change the pool at every start | ${pagesForms}`,
  ],
  [
    '[pools.1G]',
    'pages = "0:1,1:+4G"',
    `pools.1G.pages: '0:1,1:+4G' ${forCommandLine}: a relative count would change the pool at every start | ${pagesForms}`,
  ],
  [
    '[pools.1G]',
    'pages = "0:1,1:10%"',
    `pools.1G.pages: '0:1,1:10%' ${forCommandLine}: a share of the memory differs from one start to the next | ${pagesForms}`,
  ],
  ['[pools.1G]', 'pages = ""', `pools.1G.pages: '' is not a count | ${pagesForms}`],
  ['[pools.1G]', 'pages = "1x"', `pools.1G.pages: '1x' is not a count | ${pagesForms}`],
  ['[pools.1G]', 'pages = "010"', `pools.1G.pages: '010' is not a count | ${pagesForms}`],
  ['[pools.1G]', 'pages = ">= 4"', `pools.1G.pages: ' 4' is not a count | ${pagesForms}`],
  ['[pools.1G]', 'pages = "0:1,2"', `pools.1G.pages: '2' names no node | ${pagesForms}`],
  [
    '[pools.1G]',
    'pages = "0:1,0:2"',
    `pools.1G.pages: '0:1,0:2' names node 0 twice | ${pagesForms}`,
  ],
  ['[pools.1G]', 'pages = "01:2"', `pools.1G.pages: '01' is not a node | ${pagesForms}`],
  ['[pools.1G]', 'pages = "all:2"', `pools.1G.pages: 'all' is not a node | ${pagesForms}`],
  [
    '[pools.1G]',
    'pages = 9223372036854775808',
    `pools.1G.pages: '9223372036854775808' is too large: a count is at most 9223372036854775807 pages | ${pagesForms}`,
  ],
  ['[pools.1G]', 'pages = 1.0', 'pools.1G.pages: has to be a text in quotes, or a whole number'],
  ['[pools.1G]', 'pages = true', 'pools.1G.pages: has to be a text in quotes, or a whole number'],
  ['[pools.1G]', 'pages = [1]', 'pools.1G.pages: has to be a text in quotes, or a whole number'],
  [
    '[pools.1G]',
    'pages = 2026-01-01',
    'pools.1G.pages: has to be a text in quotes, or a whole number',
  ],
  ['[pools.1G]', 'pages = nan', 'pools.1G.pages: has to be a text in quotes, or a whole number'],
  [
    '[pools.1G]',
    'pages = "3M"',
    'pools.1G.pages: 3M is not a whole number of 1G pages | the nearest amounts are 0 and 1G',
  ],
  [
    '[pools.1G]',
    'pages = "0:1G,1:1025M"',
    'pools.1G.pages: 1025M is not a whole number of 1G pages | the nearest amounts are 1G and 2G',
  ],
  [
    '[pools.1G]',
    'overcommit = "10%"',
    `pools.1G.overcommit: '10%' ${forCommandLine}: a share of the memory differs from one start to the next | ${countForms}`,
  ],
  ['[pools.1G]', 'overcommit = "0:1"', `pools.1G.overcommit: '0:1' is not a count | ${countForms}`],
  ['[pools.1G]', 'overcommit = ">=1"', `pools.1G.overcommit: '>=1' is not a count | ${countForms}`],
  [
    '[pools.1G]',
    'overcommit = "1M"',
    'pools.1G.overcommit: 1M is not a whole number of 1G pages | the nearest amounts are 0 and 1G',
  ],
  [
    '[pools.1G]',
    'demote-size = "1024M"',
    'pools.1G.demote-size: 1G is not smaller than 1G | pages of 1G are split into smaller ones',
  ],
  [
    '[pools.2M]',
    'demote-size = "1G"',
    'pools.2M.demote-size: 1G is not smaller than 2M | pages of 2M are split into smaller ones',
  ],
  [
    '[pools.2M]',
    'demote-size = "default"',
    `pools.2M.demote-size: 'default' ${forCommandLine}: it is another size with another kernel command line | ${sizeForms}`,
  ],
  ['[pools.1G]', 'essential = "no"', 'pools.1G.essential: has to be true or false'],
  ['[pools.1G]', 'optional = 1', 'pools.1G.optional: has to be true or false'],
  ['[pools.1G]', 'boot = []', 'pools.1G.boot: has to be true or false'],
  ['[pools.1G]', 'page = 1', 'pools.1G.page: there is no such key: did you mean pages?'],
  ['[pools.1G]', 'count = 1', 'pools.1G.count: there is no such key: did you mean pages?'],
  ['[pools.1G]', 'size = 1', 'pools.1G.size: there is no such key: it stands in [mounts."/PATH"]'],
  [
    '[pools.1G]',
    'colour = 1',
    'pools.1G.colour: there is no such key | the keys there are pages, overcommit, demote-size, essential, optional, boot',
  ],
  ['[pools]', '1G = 4', 'pools.1G: has to be a table'],
  [
    '[pools]',
    'default = {}',
    `pools.default: 'default' ${forCommandLine}: it is another size with another kernel command line | ${sizeForms}`,
  ],
  ['[pools]', '2X = {}', `pools.2X: '2X' is not a page size | ${sizeForms}`],
  [
    '[pools]',
    '3M = {}',
    `pools.3M: no kernel has pages of 3M: a page size is a power of two | ${sizeForms}`,
  ],
  [
    '[pools]',
    '4K = {}',
    `pools.4K: no kernel has pages of 4K: a page size is a power of two | ${sizeForms}`,
  ],
  ['[pools]', '"" = {}', `pools."": '' is not a page size | ${sizeForms}`],
  [
    '[mounts]',
    '"mnt" = {}',
    `mounts.mnt: 'mnt' is not an absolute path | a mount is written as [mounts."/mnt/huge"]`,
  ],
  [
    '[mounts]',
    '"/a/../b" = {}',
    `mounts."/a/../b": '/a/../b' has '..' in it | name the directory itself`,
  ],
  ['[mounts]', '"//" = {}', `mounts."//": '/' cannot be mounted over`],
  [
    '[mounts]',
    '"/\\u0000" = {}',
    `mounts."/\\u0000": '/\0' is not an absolute path | a mount is written as [mounts."/mnt/huge"]`,
  ],
  [
    '[mounts."/m"]',
    'page-size = "default"',
    `mounts."/m".page-size: 'default' ${forCommandLine}: it is another size with another kernel command line | ${sizeForms}`,
  ],
  [
    '[mounts."/m"]',
    'size = "1x"',
    `mounts."/m".size: '1x' is not a limit | a limit is written as 8G, 512M or 50% (of the persistent pages)`,
  ],
  ['[mounts."/m"]', 'round = "off"', 'mounts."/m".round: has to be "up" or "down"'],
  [
    '[mounts."/m"]',
    'nr-inodes = 1',
    `mounts."/m".nr-inodes: '1' is too few: the root directory takes one file; the least is 2 | for N files it takes N + 1`,
  ],
  ['[mounts."/m"]', 'mode = 770', 'mounts."/m".mode: has to be a text in quotes, as in "0770"'],
  [
    '[mounts."/m"]',
    'mode = "778"',
    `mounts."/m".mode: '778' is not a mode | a mode is octal, of three or four digits: 0770, 1777`,
  ],
  [
    '[mounts."/m"]',
    'uid = "a b"',
    `mounts."/m".uid: 'a b' is no name and no number of a user or group | a user or group is written as "dpdk" or 1000`,
  ],
  [
    '[mounts."/m"]',
    'gid = 4294967295',
    `mounts."/m".gid: '4294967295' is no name and no number of a user or group | a user or group is written as "dpdk" or 1000`,
  ],
  [
    '[mounts."/m"]',
    'gid = -1',
    `mounts."/m".gid: '-1' is no name and no number of a user or group | a user or group is written as "dpdk" or 1000`,
  ],
  [
    '[mounts."/m"]',
    'options = "size=4G"',
    `mounts."/m".options: 'size=4G' is not a flag | the flags are ro, rw, nosuid, suid, nodev, dev, noexec, exec; limits, owner and mode have keys of their own`,
  ],
  [
    '[mounts."/m"]',
    'pagesize = "2M"',
    'mounts."/m".pagesize: there is no such key: did you mean page-size?',
  ],
  [
    '[mounts."/m"]',
    'min_size = "2M"',
    'mounts."/m".min_size: there is no such key: did you mean min-size?',
  ],
  ['[mounts."/m"]', 'group = "a"', 'mounts."/m".group: there is no such key: did you mean gid?'],
  [
    '[mounts."/m"]',
    'pages = 1',
    'mounts."/m".pages: there is no such key: it stands in [pools.SIZE]',
  ],
  ['[boot]', 'free-vmemmap = "on"', 'boot.free-vmemmap: has to be true or false'],
  [
    '[boot]',
    'cma = "20%"',
    `boot.cma: '20%' is not memory as the kernel takes it | cma is written as "2G" or "0:2G,1:2G"; a share is known from Linux 7.3 on alone`,
  ],
  ['[tune]', 'shm-group = true', 'tune.shm-group: has to be a text in quotes, or a whole number'],
  [
    '[when]',
    'host = "a b"',
    `when.host: 'a b' is not the name of a host | a host is written as "db-1" or "db-*"`,
  ],
  ['[when]', 'host = []', 'when.host: has to be a text in quotes, or a list of such texts'],
  [
    '[when]',
    'nodes = "two"',
    `when.nodes: 'two' is not a number of nodes | nodes are written as 2, ">=2" or "<4"`,
  ],
  [
    '[when]',
    'memory = "64G"',
    `when.memory: '64G' is not a bound of the memory | memory is written as ">=64G" or "<16G"`,
  ],
  [
    '[when]',
    'arch = "X"',
    `when.arch: 'X' is not an architecture | an architecture is written as uname -m prints it: x86_64`,
  ],
]

t.test('every fault names its line, its key and what is accepted', async (t) => {
  for (const [header, line, fault] of faultyLines)
    t.strictSame(faultsOf(`${header}\n${line}\n`), [`2:1: ${fault}`], line)
})

t.test('faults of the root of a file', async (t) => {
  const cases: Readonly<Record<string, string>> = {
    'version = 2': '1:1: version: has to be 1: this hugepool knows no other',
    'version = "1"': '1:1: version: has to be 1: this hugepool knows no other',
    'leave = "x"': `1:1: leave: 'x' is not an amount of memory | an amount is written as 2G, 512M or 0`,
    'leave = -1': `1:1: leave: '-1' is not an amount of memory | an amount is written as 2G, 512M or 0`,
    'pools = 4': '1:1: pools: has to be a table',
    '\n[[mounts]]': '2:3: mounts: has to be a table',
    'shm-group = "x"': '1:1: shm-group: there is no such key: it stands in [tune]',
    '[pool.2M]\npages = 4': '1:2: pool: there is no such key: did you mean pools?',
    'a.b.c.d.e.f.g.h = 1':
      '1:1: a: there is no such key | the keys there are version, leave, pools, mounts, boot, tune, when',
  }
  for (const [text, fault] of Object.entries(cases)) t.strictSame(faultsOf(text), [fault], text)
})

t.test('a text that is no TOML', async (t) => {
  const quotes = 'values that are no plain numbers stand in quotes, as in pages = "0:512,1:256"'
  const cases: Readonly<Record<string, string>> = {
    'a = 1\na = 2': '2:1: no TOML: trying to redefine an already defined table or value',
    '[pools.2M]\n[pools.2M]': '2:2: no TOML: trying to redefine an already defined table or value',
    '[pools.2M]\npages = 010': `2:9: no TOML: illegal leading zero | ${quotes}`,
    '[pools.2M]\npages = 0:1': `2:9: no TOML: illegal leading zero | ${quotes}`,
    'x = 8G': `1:6: no TOML: illegal character in numeric literal | ${quotes}`,
    '[pools.__proto__]': '1:2: no TOML: document contains an unsafe property',
    'x = """': '1:5: no TOML: unfinished string',
  }
  for (const [text, fault] of Object.entries(cases)) t.strictSame(faultsOf(text), [fault], text)
})

t.test('all faults are told, in the order of their lines', async (t) => {
  t.strictSame(
    faultsOf(
      '[mounts]\n"x" = {}\n"/m" = { mod = 1 }\n[pools.2M]\nessential = 1\npages = 1.5\n[tun]\n',
    ),
    [
      `2:1: mounts.x: 'x' is not an absolute path | a mount is written as [mounts."/mnt/huge"]`,
      '3:10: mounts."/m".mod: there is no such key: did you mean mode?',
      '5:1: pools.2M.essential: has to be true or false',
      '6:1: pools.2M.pages: has to be a text in quotes, or a whole number',
      '7:2: tun: there is no such key: did you mean tune?',
    ],
  )
})

t.test('of very many faults the first are told, and how many there are', async (t) => {
  const faults = faultsOf(Array.from({ length: 1000 }, (_, index) => `k${index} = 1\n`).join(''))
  t.equal(faults.length, 11)
  t.match(faults[0], /^1:1: k0: /)
  t.match(faults[9], /^10:1: k9: /)
  t.equal(faults[10], ' 990 more faults')
})

t.test('two spellings of one name are a fault of the second', async (t) => {
  t.strictSame(faultsOf('[pools.2M]\n[pools.2048kB]\npages = 1\n[mounts."/a"]\n[mounts."/a/"]\n'), [
    '2:2: pools.2048kB: is the same as pools.2M | put both into one table',
    '5:2: mounts."/a/": is the same as mounts."/a" | put both into one table',
  ])
})

t.test('long names and values are cut', async (t) => {
  const long = 'x'.repeat(100_000)
  for (const text of [`${long} = 1`, `[pools.2M]\npages = "${long}"`, `[pools.${long}]`]) {
    const [fault = ''] = faultsOf(text)
    t.match(fault, /x{20}/)
    t.ok(fault.length < 500, `${fault.length}`)
  }
})

t.test('what is in a file', async (t) => {
  const judged = judgeFile(octets('leave = 0\n[pools.2048kB]\npages = 0x10\n'), '/c')
  if (!('read' in judged)) throw new Error('it is right')
  const { pools, tables, positionOf } = judged.read
  const pages = { kind: 'pages', sign: '', pages: 16n } as const
  t.strictSame(
    [...pools],
    [[2n * M, { name: '2048kB', table: { pages: { counts: pages, atLeast: false } } }]],
  )
  t.strictSame(tables, { leave: 0n })
  t.strictSame(positionOf(['pools', '2048kB', 'pages']), {
    file: '/c',
    line: 3,
    column: 1,
    key: 'pools.2048kB.pages',
  })
})
