import assert from 'node:assert/strict'
import t from 'tap'
import { printConfiguration } from '../../../src/model/config/print-configuration.ts'
import { configurations, readText, said } from '../../helpers/config.ts'
import * as fc from '../../helpers/property.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('what is read of a printed configuration is the same', async () => {
  fc.assert(
    fc.property(configurations, (configuration) => {
      assert.deepStrictEqual(said(readText(printConfiguration(configuration))), configuration)
    }),
    { numRuns: 200 },
  )
})

t.test('a configuration of everything', async (t) => {
  const pages = { kind: 'pages', sign: '', pages: 512n } as const
  const text = printConfiguration({
    leave: 2n * G,
    pools: [
      {
        size: G,
        pages: { counts: { kind: 'memory', sign: '', bytes: 8n * G }, atLeast: true },
        demoteSize: 2n * M,
        essential: true,
        optional: true,
        boot: true,
      },
      {
        size: 2n * M,
        pages: { counts: [{ node: 1, count: pages }], atLeast: false },
        overcommit: pages,
        essential: false,
        optional: false,
        boot: false,
      },
      {
        size: 65536n,
        pages: { counts: pages, atLeast: false },
        essential: true,
        optional: false,
        boot: false,
      },
    ],
    mounts: [
      {
        request: {
          target: '/mnt/huge',
          pageSize: 2n * M,
          size: { kind: 'memory', bytes: 3n * M, round: 'up' },
          minSize: { kind: 'percent', percent: 25n },
          inodes: 64n,
          user: 'dpdk',
          group: '1000',
          mode: '0770',
          flagWords: 'ro,noexec',
        },
        mkdir: true,
        over: true,
      },
    ],
    boot: { defaultPageSize: 2n * M, freeVmemmap: false, cma: '0:2G' },
    tune: { shmGroup: 'hugeusers' },
  })
  t.equal(
    text,
    `version = 1
leave = "2G"

[pools.1G]
pages = ">=8G"
demote-size = "2M"
optional = true
boot = true

[pools.2M]
pages = "1:512"
overcommit = 512
essential = false

[pools.64K]
pages = 512

[mounts."/mnt/huge"]
page-size = "2M"
size = "3M"
min-size = "25%"
round = "up"
nr-inodes = 64
uid = "dpdk"
gid = 1000
mode = "0770"
options = "ro,noexec"
mkdir = true
over = true

[boot]
default-page-size = "2M"
free-vmemmap = false
cma = "0:2G"

[tune]
shm-group = "hugeusers"
`,
  )
})

t.test('a configuration of nothing', async (t) => {
  t.equal(printConfiguration({ pools: [], mounts: [], boot: {}, tune: {} }), 'version = 1\n')
})
