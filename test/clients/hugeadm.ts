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

/**
 * Lines after which the machine has to be the same. `with` is what hugeadm wants besides. On one node
 * with memory in one piece --hard and --obey-mempolicy change nothing of what comes of it: what the
 * options of hugepool do where they matter is tried in test/live/fragmented.ts and policy-spread.ts.
 */
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

const alone = ['--explain', '--dry-run']

/** What no kernel of Debian has, what prints text, and what hugepool has no need of. */
const apart = [
  ...['--enable-zone-movable', '--disable-zone-movable', '--help'],
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
    ...alone,
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

/** The lines of hugeadm that are numbers: size, minimum, current and maximum. */
const poolsOf = (out: string): readonly (readonly number[])[] =>
  (out.match(/^ *\d+ +\d+ +\d+ +\d+/gm) ?? []).map((line) => line.trim().split(/ +/).map(Number))

const poolsHere = async (): Promise<readonly (readonly number[])[]> => {
  const { out } = await hugepool(...hereFor('--pool-list').split(' '), '-rnb')
  return out
    .trim()
    .split('\n')
    .map((line) => {
      const [size = 0, persistent = 0, total = 0, overcommit = 0] = line.split(' ').map(Number)
      return [size, persistent, total, persistent + overcommit]
    })
}

live('hugeadm --pool-list', async (t) => {
  setPoolAlone(smallest, 8)
  t.strictSame(await poolsHere(), poolsOf(hugeadm('--pool-list').out))
})

live('hugeadm --explain', async (t) => {
  setPoolAlone(smallest, 8)
  const directory = await mounted()
  const { out } = hugeadm('--explain')
  t.strictSame(poolsOf(out), await poolsHere())
  t.strictSame(out.match(/^\/\S+/gm), [directory])
  const commands = rows.get('--explain')?.match(/\b(?:doctor|list|mounts|tune)\b/g) ?? []
  t.equal(commands.length, 4)
  for (const command of commands) {
    const { status, err } = await hugepool(command)
    // Something may well be wrong with a machine.
    t.ok(status === 0 || (command === 'doctor' && status === 5), `${command}: ${err}`)
  }
})

live('hugeadm --dry-run', async (t) => {
  t.strictSame(rows.get('--dry-run')?.split(', '), ['--dry-run', 'which does not write'])
  const here = `mount ${mountTop}/pagesize-2MB --mkdir --pagesize 2M --dry-run`
  const mounting = await bothAfter(() => hugeadm('--dry-run --create-mounts'), here)
  t.equal(mounting.said, '', here)
  t.strictSame(mounting.ours, mounting.incumbent)
  t.strictSame(mounting.ours.mounts, [])
  const growing = await bothAfter(
    () => hugeadm('--dry-run --pool-pages-min 2M:8'),
    'resize 2M=8 --dry-run',
  )
  t.strictSame(growing.ours, mounting.ours, 'hugepool leaves the pool')
  t.notSame(growing.incumbent, growing.ours, 'which hugeadm does not')
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
