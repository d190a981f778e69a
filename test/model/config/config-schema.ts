import t from 'tap'
import { readTables } from '../../../src/model/config/config-schema.ts'
import { parseToml } from '../../../src/model/config/toml-text.ts'
import { G, M } from '../../helpers/sizes.ts'

const read = (text: string) => readTables(parseToml(text, 'x'))

t.test('every key of a file, with its words read', async (t) => {
  const pages = (count: bigint) => ({ kind: 'pages', sign: '', pages: count }) as const
  const tables = read(`version = 1
leave = "1G"
[pools.2MiB]
pages = ">=0:1,1:2"
overcommit = 3
demote-size = "64K"
essential = false
optional = true
boot = true
[mounts."/m/"]
page-size = 2097152
size = "8G"
min-size = "5%"
round = "up"
nr-inodes = "9"
uid = 0
gid = "kvm"
mode = "770"
options = "ro"
mkdir = true
over = false
[boot]
default-page-size = "1G"
free-vmemmap = true
cma = "2G"
[tune]
shm-group = "a"
[when]
host = "A*"
nodes = [1, ">=3"]
memory = "<8G"
arch = ["amd64"]
virtualization = "vm"
`)
  t.strictSame(tables, {
    tables: {
      version: 1n,
      leave: G,
      pools: {
        '2MiB': {
          pages: {
            counts: [
              { node: 0, count: pages(1n) },
              { node: 1, count: pages(2n) },
            ],
            atLeast: true,
          },
          overcommit: pages(3n),
          'demote-size': 65536n,
          essential: false,
          optional: true,
          boot: true,
        },
      },
      mounts: {
        '/m/': {
          'page-size': 2n * M,
          size: { kind: 'memory', bytes: 8n * G },
          'min-size': { kind: 'percent', percent: 5n },
          round: 'up',
          'nr-inodes': 9n,
          uid: '0',
          gid: 'kvm',
          mode: '0770',
          options: 'ro',
          mkdir: true,
          over: false,
        },
      },
      boot: { 'default-page-size': G, 'free-vmemmap': true, cma: '2G' },
      tune: { 'shm-group': 'a' },
      when: {
        host: ['a*'],
        nodes: [
          { sign: '=', than: 1n },
          { sign: '>=', than: 3n },
        ],
        memory: [{ sign: '<', than: 8n * G }],
        arch: ['x86_64'],
        virtualization: ['vm'],
      },
    },
  })
  t.strictSame(read(''), { tables: {} })
})

t.test(
  'a number alone counts pages, or bytes where a size or an amount is asked for',
  async (t) => {
    const tables = (size: string, amount: string) =>
      read(`leave = ${amount}
[pools.2M]
pages = 3
overcommit = 4
demote-size = ${size}
[mounts."/m"]
page-size = ${size}
size = ${amount}
min-size = ${amount}
[boot]
default-page-size = ${size}
`)
    const numbers = tables('65536', '8388608')
    t.strictSame(numbers, tables('"64K"', '"8M"'))
    t.ok('tables' in numbers)
    for (const key of ['memory', 'arch', 'virtualization'])
      t.hasStrict(read(`[when]\n${key} = 8\n`), {
        faults: [{ message: 'has to be a text in quotes, or a list of such texts' }],
      })
  },
)

t.test('faults have their paths', async (t) => {
  const result = read(
    'a = 1\nleave = "x"\n[pools.3M]\n[pools.2M]\npages = 1.5\n[mounts.x]\n[when]\nhost = []\n',
  )
  const faults = 'faults' in result ? result.faults : []
  t.strictSame(
    faults.map(({ path, message, reason }) => [path.join(' '), message, reason]),
    [
      ['leave', "'x' is not an amount of memory", 'wrong-words'],
      ['pools 3M', 'no kernel has pages of 3M: a page size is a power of two', 'wrong-words'],
      ['pools 2M pages', 'has to be a text in quotes, or a whole number', undefined],
      ['mounts x', "'x' is not an absolute path", 'wrong-words'],
      ['when host', 'has to be a text in quotes, or a list of such texts', undefined],
      ['a', 'there is no such key', undefined],
    ],
  )
})
