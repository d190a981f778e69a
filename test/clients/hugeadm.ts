import t from 'tap'
import { foreignRows, typedHere } from '../helpers/manual-pages.ts'
import { liveOn } from '../live/support/live.ts'
import { setPoolAlone, smallest } from '../live/support/machine.ts'
import { mounted } from '../live/support/mounted.ts'
import { hugepool } from '../live/support/program.ts'
import { bothAfter, incumbent, mountTop } from './support/beside.ts'

// The incumbent itself, as Debian has it, beside what hugepool(8) says to type in its place.

const live = liveOn('room')

const hugeadm = incumbent('hugeadm')
const rows = foreignRows('Coming from hugeadm')

const hereFor = (typed: string): string => typedHere(rows.get(typed))

/** A user and a group of this name are on every Debian. */
const somebody = 'daemon'

/** Lines after which the machine has to be the same. `with` is what hugeadm wants besides. */
const changing: readonly {
  readonly typed: string
  readonly with?: string
  readonly in?: string
}[] = [
  { typed: '--pool-pages-min 2M:64' },
  { typed: '--pool-pages-min 2M:+16' },
  { typed: '--pool-pages-min DEFAULT:64M' },
  { typed: '--pool-pages-max 2M:96' },
  { typed: '--hard', with: '--pool-pages-min 2M:64' },
  { typed: '--obey-mempolicy', with: '--pool-pages-min 2M:64' },
  { typed: '--create-mounts', in: '' },
  { typed: '--create-user-mounts USER', in: `/user/${somebody}` },
  { typed: '--create-group-mounts GROUP', in: `/group/${somebody}` },
  { typed: '--create-global-mounts', in: '/global' },
  { typed: '--max-size 64M', with: '--create-mounts', in: '' },
  { typed: '--max-inodes 7', with: '--create-mounts', in: '' },
  { typed: '--set-shm-group GROUP' },
  { typed: '--thp-always' },
  { typed: '--thp-madvise' },
  { typed: '--thp-never' },
  { typed: '--thp-khugepaged-pages 128' },
  { typed: '--thp-khugepaged-scan-sleep 500' },
  { typed: '--thp-khugepaged-alloc-sleep 500' },
]

/** Lines that set what the program thinks right, so that the other one is told the number. */
const recommending = {
  '--set-recommended-shmmax': '/proc/sys/kernel/shmmax',
  '--set-recommended-min_free_kbytes': '/proc/sys/vm/min_free_kbytes',
}

const reading = ['--pool-list', '--list-all-mounts', '--page-sizes', '--page-sizes-all']

/** What no kernel of today has, what prints text, and what hugepool has no need of. */
const apart = [
  ...['--enable-zone-movable', '--disable-zone-movable', '--explain', '--dry-run', '--help'],
  ...['--verbose LEVEL', '--add-temp-swap', '--add-ramdisk-swap', '--persist'],
]

t.test('every option that hugeadm has is in the table, and every row is tried', async (t) => {
  const known = hugeadm('--help').err.matchAll(/^ (--[a-z_-]+)/gm)
  const options = [...known].map(([, name]) => name)
  t.ok(options.length > 25, `${options.length}`)
  const told = [...rows.keys()].map((typed) => typed.split(' ')[0])
  t.strictSame([...new Set(told)].sort(), [...new Set(options)].sort())
  const tried = [
    ...changing.map(({ typed }) => typed),
    ...Object.keys(recommending),
    ...reading,
    ...apart,
  ]
  t.strictSame(tried.sort(), [...rows.keys()].sort())
})

const named = (words: string): string => words.replace(/USER|GROUP/, somebody)

for (const { typed, with: besides, in: where } of changing)
  live(`hugeadm ${typed}`, async (t) => {
    const directory = `${mountTop}${where ?? ''}/pagesize-2MB`
    const options = where === undefined ? '' : ' --pagesize 2M'
    const mode = besides === '--create-mounts' ? ' --mode 0770' : ''
    const here = named(hereFor(typed)).replace('DIR', directory) + options + mode
    const words = [named(typed), ...(besides === undefined ? [] : [besides])].join(' ')
    const { incumbent: theirs, ours, said } = await bothAfter(() => hugeadm(words), here)
    t.equal(said, '', here)
    t.strictSame(ours, theirs)
  })

for (const [typed, path] of Object.entries(recommending))
  live(`hugeadm ${typed}`, async (t) => {
    const line = (number: string) => hereFor(typed).replace('AMOUNT', number)
    const start = { pages: 64 }
    const { incumbent: theirs } = await bothAfter(() => hugeadm(typed), 'list', start)
    const number = theirs.settings[path] ?? ''
    const unit = path.endsWith('_kbytes') ? 'K' : ''
    const { ours, said } = await bothAfter(() => {}, line(number + unit), start)
    t.equal(said, '', line(number + unit))
    t.strictSame(ours.settings, theirs.settings)
  })

live('hugeadm --pool-list', async (t) => {
  setPoolAlone(smallest, 8)
  const lines = hugeadm('--pool-list').out.trim().split('\n').slice(1)
  const theirs = lines.map((line) => line.trim().split(/ +/).slice(0, 4).map(Number))
  const { out } = await hugepool(...hereFor('--pool-list').split(' '), '-rnb')
  const ours = out
    .trim()
    .split('\n')
    .map((line) => {
      const [size = 0, persistent = 0, total = 0, overcommit = 0] = line.split(' ').map(Number)
      return [size, persistent, total, persistent + overcommit]
    })
  t.strictSame(ours, theirs)
})

live('hugeadm --page-sizes-all', async (t) => {
  const { out } = await hugepool(...hereFor('--page-sizes-all').split(' '), '-rnb')
  t.equal(out, hugeadm('--page-sizes-all').out)
})

live('hugeadm --page-sizes and --list-all-mounts', async (t) => {
  setPoolAlone(smallest, 8)
  const directory = await mounted()
  const sizes = await hugepool(...hereFor('--page-sizes').split(' '), '-rnb')
  t.equal(sizes.out, hugeadm('--page-sizes').out)
  const mounts = await hugepool(...hereFor('--list-all-mounts').split(' '), '-rn')
  const theirs = hugeadm('--list-all-mounts').out.match(/^\/\S+/gm)
  t.strictSame(mounts.out.trim().split('\n'), theirs)
  t.strictSame(theirs, [directory])
})
