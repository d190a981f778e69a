import t from 'tap'
import type { BootMachine } from '../../../src/model/boot/boot-machine.ts'
import { reserveCma } from '../../../src/model/boot/cma-areas.ts'
import { noCma, readCma } from '../../../src/model/boot/cma-word.ts'
import { parseSeries, rulesOf } from '../../../src/model/boot/kernel-series.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine: BootMachine = {
  sizes: [2n * M, G],
  usualSize: 2n * M,
  largestBlock: 4n * M,
  nodes: [
    { node: 0, memory: 4n * G },
    { node: 1, memory: 0n },
    { node: 2, memory: 4n * G, fits: new Map([[G, 2n]]) },
  ],
  cpus: 2,
  wordsKept: 5,
  hasCma: true,
  hasFreeVmemmap: true,
}

const reserved = (series: string, text: string, on = machine) => {
  const rules = rulesOf(parseSeries(series) ?? [0, 0])
  const { areas, messages } = reserveCma(readCma(noCma, text, rules), on, rules)
  return [[...areas], messages.map((message) => message.replace('hugetlb_cma: ', ''))]
}

t.test('an area is spread over the nodes that have memory', async (t) => {
  t.strictSame(reserved('7.2', '3G'), [
    [
      [0, 2n * G],
      [2, G],
    ],
    [
      'reserve 3072 MiB, up to 2048 MiB per node',
      'reserved 2048 MiB on node 0',
      'reserved 1024 MiB on node 2',
    ],
  ])
  t.strictSame(reserved('7.2', '1G'), [
    [[0, G]],
    ['reserve 1024 MiB, up to 1024 MiB per node', 'reserved 1024 MiB on node 0'],
  ])
  t.strictSame(reserved('7.2', '0'), [[], []])
  t.strictSame(reserved('7.2', ''), [[], []])
})

t.test('a share is told as it is, or in whole pages', async (t) => {
  const areas = [
    [0, 2n * G],
    [2, G],
  ]
  const told = (share: number) => [
    areas,
    [
      `reserve 3072 MiB, up to ${share} MiB per node`,
      'reserved 2048 MiB on node 0',
      'reserved 1024 MiB on node 2',
    ],
  ]
  t.strictSame(reserved('6.18', '3G'), told(1536))
  t.strictSame(reserved('6.12', '3G'), told(2048))
  t.strictSame(reserved('7.0', '3G'), told(2048))
})

t.test('before 7.2 what is no whole page is rounded up, from then on refused', async (t) => {
  t.strictSame(
    reserved('6.12', '1536M'),
    [
      [
        [0, G],
        [2, G],
      ],
      [
        'reserve 1536 MiB, up to 1024 MiB per node',
        'reserved 1024 MiB on node 0',
        'reserved 1024 MiB on node 2',
      ],
    ].map((part, at) =>
      at === 0
        ? [
            [0, G],
            [2, G],
          ]
        : part,
    ),
  )
  t.strictSame(reserved('7.2', '1536M'), [[], ['cma area must be a multiple of 1024 MiB']])
  t.strictSame(reserved('6.12', '512M'), [[], ['cma area should be at least 1024 MiB']])
})

t.test('areas of nodes', async (t) => {
  t.strictSame(reserved('7.2', '2:1G,0:2G'), [
    [
      [0, 2n * G],
      [2, G],
    ],
    ['reserved 2048 MiB on node 0', 'reserved 1024 MiB on node 2'],
  ])
  t.strictSame(reserved('7.2', '0:1G,5:1G'), [
    [[0, G]],
    ['invalid node 5 specified', 'reserved 1024 MiB on node 0'],
  ])
  t.strictSame(reserved('7.2', '0:1536M,2:512M'), [
    [],
    [
      'cma area of node 0 must be a multiple of 1024 MiB',
      'cma area of node 2 must be a multiple of 1024 MiB',
    ],
  ])
  t.strictSame(reserved('6.12', '0:512M,2:1G'), [
    [[2, G]],
    ['cma area of node 0 should be at least 1024 MiB', 'reserved 1024 MiB on node 2'],
  ])
})

t.test('what is rounded up on some nodes is missing on the last', async (t) => {
  const nodes = [0, 1, 2].map((node) => ({ node, memory: 4n * G }))
  t.strictSame(reserved('6.12', '0:1280M,1:1280M,2:1280M', { ...machine, nodes }), [
    [
      [0, 2n * G],
      [1, 2n * G],
    ],
    ['reserved 2048 MiB on node 0', 'reserved 2048 MiB on node 1'],
  ])
})

t.test('shares are rounded down to whole pages', async (t) => {
  t.strictSame(reserved('7.3', '20%'), [
    [[0, G]],
    ['reserve 1024 MiB (20%), up to 1024 MiB per node', 'reserved 1024 MiB on node 0'],
  ])
  t.strictSame(reserved('7.3', '0:50%'), [[[0, 2n * G]], ['reserved 2048 MiB (50%) on node 0']])
  t.strictSame(reserved('7.3', '0:10%'), [[], []])
})

t.test('what does not fit', async (t) => {
  t.strictSame(reserved('7.2', '2:3G,0:1G'), [
    [[0, G]],
    ['reserved 1024 MiB on node 0', 'reservation failed: err -12, node 2'],
  ])
  t.strictSame(reserved('7.2', '10G'), [
    [],
    [
      'reserve 10240 MiB, up to 5120 MiB per node',
      'reservation failed: err -12, node 0',
      'reservation failed: err -12, node 2',
    ],
  ])
})

t.test('a processor without gigantic pages has no areas', async (t) => {
  t.strictSame(reserved('7.2', '2G', { ...machine, sizes: [2n * M, 65536n] }), [[], []])
})
