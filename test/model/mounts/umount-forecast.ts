import t from 'tap'
import type { FatedMount, MountFate } from '../../../src/model/mounts/propagation.ts'
import {
  expectedReturn,
  fileSystemFate,
  forecastWords,
  type UmountForecast,
} from '../../../src/model/mounts/umount-forecast.ts'
import type { Holder } from '../../../src/model/mounts/umount-holder.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

const mount = {
  target: '/h',
  device: '0:39',
  source: 'none',
  pageSize: size,
  uid: 0,
  gid: 0,
  mode: '0755',
  options: 'rw,pagesize=2M',
  hidden: false,
}

const forecast = (more: Partial<UmountForecast> = {}): UmountForecast => ({
  mount,
  lazy: false,
  recorded: false,
  holders: { found: [], unexamined: [] },
  elsewhere: [],
  ...more,
})

const files = { files: 41n, pages: 40n }
const keeper: Holder = { pid: 7, command: 'vm', holds: 'mapping', path: '/h/ram' }
const kept = { found: [keeper], unexamined: [] }
const elsewhere = (fate: MountFate): FatedMount => ({
  id: 77,
  target: '/h',
  process: { pid: 9, command: 'vm' },
  fate,
})

t.test('nothing would be lost', async (t) => {
  t.strictSame(forecastWords(forecast()), [], 'files are not known')
  t.strictSame(forecastWords(forecast({ files: { files: 0n, pages: 0n } })), [])
})

t.test('files that nobody holds', async (t) => {
  t.strictSame(forecastWords(forecast({ files })), [
    '/h: 41 files with 40 pages would be destroyed',
  ])
  t.equal(fileSystemFate(forecast({ files })), 'destroyed')
  const empty = forecast({ files: { files: 1n, pages: 0n } })
  t.strictSame(forecastWords(empty), ['/h: 1 file with 0 pages would be destroyed'])
})

t.test('surplus pages would leave the pool', async (t) => {
  const pool = poolOf(size, { total: 50n, surplus: 5n })
  t.strictSame(forecastWords(forecast({ files, pool })), [
    '/h: 41 files with 40 pages would be destroyed',
    '/h: up to 5 surplus pages would leave the pool of 2M for the rest of memory',
  ])
  t.strictSame(expectedReturn(forecast({ files, pool })), {
    pageSize: size,
    pages: 40n,
    reservations: 0n,
    leavingPool: 5n,
  })
  const few = forecast({ files: { files: 1n, pages: 1n }, pool })
  t.equal(expectedReturn(few)?.leavingPool, 1n)
})

t.test('the minimum of a mount leaves the pool as surplus', async (t) => {
  const pool = poolOf(size, { total: 4n, surplus: 4n, reserved: 4n })
  const empty = forecast({
    mount: { ...mount, minSize: 4n * size },
    files: { files: 0n, pages: 0n },
    pool,
  })
  t.strictSame(forecastWords(empty), [
    '/h: the 4 pages of its minimum size would no longer be reserved',
    '/h: up to 4 surplus pages would leave the pool of 2M for the rest of memory',
  ])
  t.strictSame(expectedReturn(empty), {
    pageSize: size,
    pages: 0n,
    reservations: 4n,
    leavingPool: 4n,
  })
})

t.test('the minimum that files have not used up', async (t) => {
  const guaranteed = { ...mount, minSize: 21n * size * 2n }
  t.strictSame(forecastWords(forecast({ mount: guaranteed, files })), [
    '/h: 41 files with 40 pages would be destroyed',
    '/h: the 2 pages of its minimum size would no longer be reserved',
  ])
})

t.test('holders and --lazy', async (t) => {
  const lazy = forecast({ files, lazy: true, holders: kept })
  t.strictSame(forecastWords(lazy), [
    '/h: busy: 1 process holds it',
    '/h: it would live on, with 41 files with 40 pages',
  ])
  t.equal(fileSystemFate(lazy), 'kept')
  t.equal(expectedReturn(lazy), undefined)
  t.strictSame(forecastWords(forecast({ lazy: true, holders: kept })), [
    '/h: busy: 1 process holds it',
    '/h: it would live on, with its files',
  ])
  const none = forecast({ holders: kept, files: { files: 0n, pages: 0n } })
  t.equal(forecastWords(none).at(-1), '/h: it would live on, with no file')
  const held = forecast({ files, holders: kept, elsewhere: [elsewhere('unknown')] })
  t.strictSame(
    forecastWords(held),
    [
      '/h: busy: 1 process holds it',
      '/h: the same file system is mounted on /h in the mount namespace of process 9 (vm); whether it is removed there too cannot be seen',
      '/h: it would live on, with 41 files with 40 pages',
    ],
    'either umount(2) fails, or the holder keeps it',
  )
})

t.test('a bind mount keeps the files', async (t) => {
  const bound = forecast({ files, elsewhere: [{ id: 40, target: '/srv', fate: 'stays' }] })
  t.strictSame(forecastWords(bound), [
    '/h: the same file system is mounted on /srv',
    '/h: it would live on, with 41 files with 40 pages',
  ])
  t.equal(fileSystemFate(bound), 'kept')
})

t.test('a mount in another namespace', async (t) => {
  const there = '/h: the same file system is mounted on /h in the mount namespace of process 9 (vm)'
  const fates: readonly (readonly [MountFate, string, readonly string[]])[] = [
    ['stays', 'kept', [there, '/h: it would live on, with 41 files with 40 pages']],
    [
      'goes',
      'destroyed',
      [
        `${there}, and removed there too, for mounts propagate`,
        '/h: 41 files with 40 pages would be destroyed',
      ],
    ],
    [
      'unknown',
      'unknown',
      [
        `${there}; whether it is removed there too cannot be seen`,
        '/h: 41 files with 40 pages may be destroyed',
      ],
    ],
  ]
  for (const [fate, expected, words] of fates) {
    const one = forecast({ files, elsewhere: [elsewhere(fate)] })
    t.equal(fileSystemFate(one), expected)
    t.strictSame(forecastWords(one), words)
  }
})

t.test('in a recording nobody knows who keeps it', async (t) => {
  const words = ['/h: 41 files with 40 pages may be destroyed']
  t.strictSame(forecastWords(forecast({ files, recorded: true })), words)
  const bound = [{ id: 40, target: '/srv', fate: 'stays' as const }]
  t.equal(fileSystemFate(forecast({ recorded: true, elsewhere: bound })), 'kept')
})
