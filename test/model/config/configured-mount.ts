import t from 'tap'
import { configuredMount, mountFaults } from '../../../src/model/config/configured-mount.ts'
import { G, M } from '../../helpers/sizes.ts'

const memory = (bytes: bigint) => ({ kind: 'memory', bytes }) as const

t.test('a mount of all keys, and of one', async (t) => {
  const table = {
    'page-size': G,
    size: memory(3n * G),
    'min-size': { kind: 'percent', percent: 25n },
    round: 'down',
    'nr-inodes': 5n,
    uid: 'a',
    gid: '7',
    mode: '0700',
    options: 'ro',
    mkdir: true,
    over: true,
  } as const
  t.strictSame(configuredMount('/m', table), {
    request: {
      target: '/m',
      pageSize: G,
      size: { kind: 'memory', bytes: 3n * G, round: 'down' },
      minSize: { kind: 'percent', percent: 25n },
      inodes: 5n,
      user: 'a',
      group: '7',
      mode: '0700',
      flagWords: 'ro',
    },
    mkdir: true,
    over: true,
  })
  t.strictSame(configuredMount('/m', { 'page-size': 2n * M }), {
    request: { target: '/m', pageSize: 2n * M, flagWords: '' },
    mkdir: false,
    over: false,
  })
})

t.test('limits that no machine could keep', async (t) => {
  const size = { 'page-size': 2n * M }
  const cases: readonly (readonly [Parameters<typeof mountFaults>[1], readonly string[]])[] = [
    [{ ...size, size: memory(2n * M), 'min-size': memory(2n * M) }, []],
    [{ ...size, size: memory(3n * M), round: 'down' }, []],
    [{ ...size, size: memory(1n * M), round: 'up' }, []],
    [{ ...size, size: { kind: 'percent', percent: 1n }, 'min-size': memory(4n * M) }, []],
    [{ ...size, size: memory(2n * M), 'min-size': { kind: 'percent', percent: 99n } }, []],
    [{}, ['page-size: has no page-size']],
    [{ size: memory(1n) }, ['page-size: has no page-size']],
    [{ ...size, size: memory(0n) }, ['size: 0 is less than a page of 2M']],
    [{ ...size, size: memory(1n * M), round: 'down' }, ['size: 1M is less than a page of 2M']],
    [
      { ...size, size: memory(3n * M), 'min-size': memory(5n * M) },
      [
        'size: 3M is not a whole number of 2M pages',
        'min-size: 5M is not a whole number of 2M pages',
      ],
    ],
    [
      { ...size, size: memory(2n * M), 'min-size': memory(4n * M) },
      ['min-size: is more than size'],
    ],
    [
      { ...size, size: memory(3n * M), 'min-size': memory(4n * M), round: 'down' },
      ['min-size: is more than size'],
    ],
    [{ ...size, size: memory(3n * M), 'min-size': memory(4n * M), round: 'up' }, []],
  ]
  for (const [table, faults] of cases)
    t.strictSame(
      mountFaults('/m', table).map(({ path, message }) => `${path[2]}: ${message}`),
      faults,
    )
})
