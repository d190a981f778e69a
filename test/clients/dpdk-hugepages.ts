import t from 'tap'
import { foreignRows, typedHere } from '../helpers/manual-pages.ts'
import { liveOn } from '../live/support/live.ts'
import { setPoolAlone, smallest } from '../live/support/machine.ts'
import { mountOn } from '../live/support/mounted.ts'
import { hugepool } from '../live/support/program.ts'
import { temporaryDirectory } from '../live/support/trace.ts'
import { bothAfter, incumbent } from './support/beside.ts'

// The script of DPDK, as Debian has it, beside what hugepool(8) says to type in its place.

const live = liveOn('room')

const dpdk = incumbent('dpdk-hugepages.py')
const rows = foreignRows('Coming from dpdk-hugepages')

/** What one line of the script does, another one may be typed for after it. */
const linesHere = (here: string): readonly string[] =>
  [here, ...(/, then (.*)$/.exec(here)?.slice(1) ?? [])].map(typedHere)

const changing = [...rows].filter(([typed]) => typed !== '-s')

t.test('every option that the script has is in the table', async (t) => {
  const { out } = dpdk('--help')
  // Those with a letter are typed by it there.
  const known = [...out.matchAll(/^ {2}(?:-h, )?(--\w+)(?:.*, (-\w)\b)?/gm)].map(
    ([, name, letter]) => letter ?? name,
  )
  t.ok(known.length > 9, `${known.length}`)
  const told = [...rows.keys()].flatMap((typed) =>
    typed.split(' ').filter((word) => /^-/.test(word)),
  )
  t.strictSame([...new Set(told)].sort(), known.filter((option) => option !== '--help').sort())
})

for (const [typed, here] of changing)
  live(`dpdk-hugepages.py ${typed}`, async (t) => {
    const below = temporaryDirectory()
    const [theirs = '', ...ours] = [typed, ...linesHere(here)].map((words) =>
      words.replace('DIR', below),
    )
    const after = await bothAfter(() => dpdk(theirs), ours, {
      pages: typed === '-c' ? 16 : 0,
      below,
      ...(typed.startsWith('-u') && { prepare: () => mountOn(below) }),
    })
    t.equal(after.said, '', ours.join('; '))
    t.strictSame(after.ours, after.incumbent)
  })

live('dpdk-hugepages.py -s', async (t) => {
  setPoolAlone(smallest, 8)
  const theirs = dpdk('-s')
    .out.match(/^\d+ +\d+/gm)
    ?.map((line) => line.split(/ +/).map(Number))
  const { out } = await hugepool(...typedHere(rows.get('-s')).split(' '), '-rno', 'NODE,TOTAL')
  const ours = out
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    // The line of the whole machine has no node.
    .filter(([node = Number.NaN, total = 0]) => !Number.isNaN(node) && total > 0)
  t.strictSame(ours, theirs)
})
