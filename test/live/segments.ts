import { existsSync, readFileSync } from 'node:fs'
import { filesSchema } from '../../src/output/schemas/files-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { atEnd, liveOn } from './support/live.ts'
import { countsOf, setPool, smallest } from './support/machine.ts'
import { hugepool, hugepoolJson, until } from './support/program.ts'
import { isHeldUp, letGo, startTraced } from './support/trace.ts'
import { animal } from './support/zoo.ts'

const live = liveOn('pools that can be set', 'processes: holders')

const tracing = liveOn('pools that can be set', 'processes: tracing')

const pool = 8
const whole = { total: pool, free: pool, reserved: 0, surplus: 0 }

const list = async (...words: readonly string[]) =>
  (await hugepoolJson(filesSchema, 'files', '--segments', ...words)).document

const clean = () => list('--clean', '--older', '0s', '--yes')

/** A child of the holder would remove the segment in the end: without it, the segment is left. */
const killWithChildren = async (pid: number): Promise<void> => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  for (const one of [...children.map(Number), pid]) process.kill(one, 'SIGKILL')
  await until('its end', () => !existsSync(`/proc/${pid}`))
}

live('segments: those that nobody has and whose maker is gone are removed', async (t) => {
  setPool(smallest, pool)
  atEnd(async () => {
    await hugepool('files', '--segments', '--clean', '--older', '0s', '--yes')
  })
  const left = await animal('segment-left', 2)
  const attached = await animal('segment', 1)
  const elsewhere = await animal('segment-left', 1, { by: ['unshare', '--ipc'] })
  const states = async () =>
    ((await list()).segments ?? [])
      .map(({ state, pages, ipcNamespace }) =>
        [state, pages, ipcNamespace === undefined ? 'here' : 'elsewhere'].join(' '),
      )
      .toSorted()
  t.strictSame(await states(), ['mapped 1 here', 'open 1 elsewhere', 'open 2 here'])
  const kept = await clean()
  t.strictSame(kept.removedSegments, [], 'their makers run')
  t.strictSame(kept.keptSegments?.map(({ reason }) => reason).toSorted(), [
    'creator',
    'creator',
    'used',
  ])
  await killWithChildren(left.pid)
  t.equal(countsOf(smallest).free, pool - 4)
  t.strictSame(await states(), ['left 2 here', 'mapped 1 here', 'open 1 elsewhere'])
  const cleaned = await clean()
  t.equal(cleaned.removedSegments?.length, 1)
  t.hasStrict(cleaned.returned, { pages: 2n })
  t.equal(countsOf(smallest).free, pool - 2)
  await attached.release()
  await elsewhere.release()
  t.strictSame((await list()).segments, [])
  t.strictSame(countsOf(smallest), whole)
})

tracing('a segment that somebody attaches between the look and the removal', async (t) => {
  setPool(smallest, pool)
  const left = await animal('segment-left', 2)
  await killWithChildren(left.pid)
  const [segment] = (await list()).segments ?? []
  t.hasStrict(segment, { state: 'left', pages: 2n })
  const rules = ['-e', 'trace=shmctl', '-e', 'inject=shmctl:delay_enter=60s:when=1']
  const words = ['files', '--segments', '--clean', '--older', '0s', '--yes', '--json']
  const running = startTraced(['--seccomp-bpf', '-o', '/dev/null', ...rules], words)
  let times = 0
  await until('the removal', () => {
    times = isHeldUp(running) ? times + 1 : 0
    return times > 40
  })
  const late = await animal('segment-attach', 2, { file: `${segment?.id}` })
  letGo(running)
  const { status, out, err } = await running.result
  t.equal(status, 64)
  const { removedSegments, notRemovedSegments, returned } = filesSchema.parse(parseExact(out))
  t.strictSame(
    { removedSegments, notRemovedSegments, returned },
    {
      removedSegments: [],
      notRemovedSegments: [{ id: segment?.id, reason: 'late' }],
      returned: { pages: 0n, reservations: 0n, leftPool: 0n },
    },
  )
  t.match(err, 'somebody attached it at that moment: it is marked, and goes when they detach it')
  t.equal(countsOf(smallest).free, pool - 2, 'they keep it')
  await late.release()
  await until('its pages', () => countsOf(smallest).free === pool)
  t.strictSame(countsOf(smallest), whole)
})
