import t from 'tap'
import {
  forecastWords,
  lostFiles,
  type UmountForecast,
} from '../../../src/model/mounts/umount-forecast.ts'
import type { Holder } from '../../../src/model/mounts/umount-holder.ts'
import { poolOf } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

const mount = {
  target: '/h',
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
  holders: { found: [], unexamined: [] },
  elsewhere: [],
  ...more,
})

const files = { files: 41n, pages: 40n }
const keeper: Holder = { pid: 7, command: 'vm', holds: 'mapping', path: '/h/ram' }
const kept = { found: [keeper], unexamined: [] }
const other = { pid: 9, command: 'vm' }

t.test('nothing would be lost', async (t) => {
  t.strictSame(forecastWords(forecast()), [], 'files are not known')
  t.strictSame(forecastWords(forecast({ files: { files: 0n, pages: 0n } })), [])
})

t.test('files that nobody holds', async (t) => {
  t.strictSame(forecastWords(forecast({ files })), [
    '/h: 41 files with 40 pages would be destroyed',
  ])
  t.strictSame(lostFiles(forecast({ files })), files)
  const empty = forecast({ files: { files: 1n, pages: 0n } })
  t.strictSame(forecastWords(empty), ['/h: 1 file with 0 pages would be destroyed'])
})

t.test('surplus pages would leave the pool', async (t) => {
  const pool = poolOf(size, { total: 50n, surplus: 5n })
  t.strictSame(forecastWords(forecast({ files, pool })), [
    '/h: 41 files with 40 pages would be destroyed; up to 5 pages would leave the pool, for it has surplus pages',
  ])
})

t.test('the minimum that files have not used up', async (t) => {
  const guaranteed = { ...mount, minSize: 21n * size * 2n }
  t.strictSame(forecastWords(forecast({ mount: guaranteed, files })), [
    '/h: 41 files with 40 pages would be destroyed',
    '/h: the 2 pages of its minimum size would be free',
  ])
})

t.test('holders and --lazy', async (t) => {
  const lazy = forecast({ files, lazy: true, holders: kept })
  t.strictSame(forecastWords(lazy), [
    '/h: busy: 1 process holds it',
    '/h: it would live on, with 41 files with 40 pages',
  ])
  t.equal(lostFiles(lazy), undefined)
  t.strictSame(forecastWords(forecast({ lazy: true, holders: kept })), [
    '/h: busy: 1 process holds it',
    '/h: it would live on, with its files',
  ])
  const elsewhere = forecast({
    files,
    holders: kept,
    elsewhere: [{ target: '/h', process: other }],
  })
  t.strictSame(
    forecastWords(elsewhere),
    [
      '/h: busy: 1 process holds it',
      '/h: the same file system is mounted on /h in the mount namespace of process 9 (vm)',
      '/h: 41 files with 40 pages would be destroyed once nobody holds it',
    ],
    'held in another namespace, to which the removal may propagate',
  )
})

t.test('a bind mount keeps the files', async (t) => {
  const bound = forecast({ files, elsewhere: [{ target: '/srv' }] })
  t.strictSame(forecastWords(bound), [
    '/h: the same file system is mounted on /srv',
    '/h: it would live on, with 41 files with 40 pages',
  ])
  t.equal(lostFiles(bound), undefined)
})
