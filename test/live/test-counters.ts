import { truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { mapperWith } from '../../src/kernel/mapping/mapper.ts'
import type { TouchRequest } from '../../src/kernel/native/native-mapping.ts'
import { commandSequences } from '../helpers/command-sequences.ts'
import { type Cells, readySequences, type Subject } from '../helpers/counters-table.ts'
import { mappedSubject } from '../helpers/mapped-subject.ts'
import { mountSequences } from '../helpers/mount-sequences.ts'
import { poolSequences } from '../helpers/pool-sequences.ts'
import { replayCommandsHere } from './support/commands.ts'
import { atEnd, liveOn } from './support/live.ts'
import { setPoolAlone, sizeName, smallest } from './support/machine.ts'
import { mountJson, mountPoint, ofSmallest } from './support/mounts.ts'
import { hugepool, native } from './support/program.ts'
import { setByHugepool } from './support/setting.ts'
import { cellsOf, replayAll } from './support/table.ts'

const mapper = mapperWith(native(), [])

const mappedBy =
  (way: TouchRequest['way']) =>
  (size: number): Subject => {
    const counters = (wanted: Cells) => cellsOf(size, wanted)
    const set = (action: Parameters<typeof setByHugepool>[1]) => setByHugepool(size, action)
    const subject = mappedSubject({ mapper, size, way, set, counters })
    atEnd(() => subject.close())
    return subject
  }

const all = [...readySequences, ...poolSequences]
replayAll(all, 'mapped by test, populate', mappedBy('populate'), 'MADV_POPULATE_WRITE (Linux 5.14)')
// Where pages are populated this is the other way; emulated, the programs of counters.ts store.
const stores = native().canPopulate() ? (['real time'] as const) : []
replayAll(all, 'mapped by test, store', mappedBy('store'), ...stores)

replayCommandsHere([...commandSequences, ...mountSequences])

const name = sizeName(smallest)

/** A hugetlbfs in a pool of 8. */
const mountWith = async (...limits: readonly string[]): Promise<string> => {
  setPoolAlone(smallest, 8)
  const target = mountPoint()
  const { status, err } = await mountJson(target, ...ofSmallest, ...limits)
  if (status !== 0) throw new Error(err)
  return target
}

liveOn(
  'pools that can be set',
  'one node with memory',
  'refusals that keep what is reserved (Linux 6.16)',
)('test tells what the min_size of a mount has where it is refused', async (t) => {
  const target = await mountWith('--min-size', `${3 * smallest}`)
  const file = `${target}/used`
  writeFileSync(file, '')
  truncateSync(file, 2 * smallest)
  t.equal((await hugepool('test', `${name}=2`, '--path', file)).status, 0)
  const { status, err } = await hugepool('test', `${name}=8`, '--mount', target)
  t.equal(status, 1)
  t.match(err, `5 available and up to 1 held by the min_size of ${target}: at least 2 missing`)
  const kept: Cells = [8, 6, 1, 0]
  t.strictSame(await cellsOf(smallest, kept), kept, 'and the mount keeps it')
  unlinkSync(file)
})

liveOn('pools that can be set')(
  'test tells what the size of a mount leaves where it is refused',
  async (t) => {
    const target = await mountWith('--size', `${4 * smallest}`)
    const { status, err } = await hugepool('test', `${name}=5`, '--mount', target)
    t.equal(status, 1)
    t.match(err, 'its size limit leaves 4 pages, while the pool has 8 available')
  },
)
