import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fakeStart } from '../../../helpers/fake-clock.ts'
import { systemError } from '../../../helpers/fake-kernel/fake-kernel-errors.ts'
import { hugeDirectory } from '../../../helpers/huge-directory.ts'
import { parseExact } from '../../../helpers/json.ts'
import { lines } from '../../../helpers/on-fake.ts'
import { segmentTable, type TableSegment } from '../../../helpers/segment-table.ts'

const clean = 'files --segments --clean'

/** A machine with these segments, of which the kernel removes those that nobody has attached. */
const withSegments = (
  t: Test,
  segments: readonly TableSegment[],
  running: readonly number[] = [],
) => {
  const scene = hugeDirectory(t, [])
  let there = segments
  const set = (now: readonly TableSegment[]) => {
    there = now
    scene.kernel.extra.set('/proc/sysvipc/shm', segmentTable(now))
  }
  set(segments)
  for (const pid of running) {
    mkdirSync(join(scene.proc, `${pid}`))
    writeFileSync(join(scene.proc, `${pid}/status`), lines('Name:\tpostgres', 'VmSize:\t4 kB'))
    mkdirSync(join(scene.proc, `${pid}/fd`))
    writeFileSync(join(scene.proc, `${pid}/maps`), '')
  }
  const removeSegment = (id: number) => set(there.filter((one) => one.id !== id))
  const ids = () => there.map(({ id }) => id)
  const run = (line: string, around: Parameters<typeof scene.run>[1] = {}) =>
    scene.run(line, { ...around, native: { removeSegment, ...around.native } })
  return { ...scene, run, set, ids }
}

const orphan = { id: 5, key: 0x52_54 }

t.test('who has each segment', async (t) => {
  const { run } = withSegments(
    t,
    [
      orphan,
      { id: 6, creator: 90 },
      { id: 7, attached: 2, creator: 90 },
      { id: 8, creator: 0 },
      { id: 9, pages: 3n },
    ],
    [90],
  )
  const columns = 'STATE,AGE,PAGES,LENGTH,UID,GID,MODE,MOUNT,PATH'
  t.strictSame(await run(`files --segments -rno ${columns}`), {
    status: 0,
    stdout: lines(
      'left 778d 2 4M 26 27 0600 - SysV\\0405\\040(key\\0400x00005254)',
      'open 778d 2 4M 26 27 0600 - SysV\\0406',
      'mapped 778d 2 4M 26 27 0600 - SysV\\0407',
      'unknown 778d 2 4M 26 27 0600 - SysV\\0408',
      'left 778d 3 6M 26 27 0600 - SysV\\0409',
    ),
    stderr: '',
  })
  const { stdout } = await run('files --segments 5 --json')
  t.strictSame(parseExact(stdout), {
    version: 1,
    files: [],
    segments: [
      {
        id: 5,
        key: '0x00005254',
        pageSize: 2097152n,
        size: 4194304n,
        pages: 2n,
        state: 'left',
        creator: 77,
        uid: 26,
        gid: 27,
        mode: '0600',
        touched: '2023-11-14T22:13:20.000Z',
        users: [],
      },
    ],
    unseen: { processes: 0n, directories: 0n },
  })
})

t.test('those that nobody has are removed, and it is said which stay', async (t) => {
  const { run, ids } = withSegments(
    t,
    [
      orphan,
      { id: 6, creator: 90 },
      { id: 7, attached: 2 },
      { id: 8, creator: 0 },
      { id: 9, touched: fakeStart / 1000 - 59 },
      { id: 10, key: 0xabc },
      { id: 11 },
    ],
    [90],
  )
  const found = await run(`${clean} --yes --keep 0x00000abc,11 -rno REMOVED,PATH`)
  t.equal(found.status, 0)
  t.match(found.stdout, /^yes SysV.0405/)
  t.equal(
    found.stderr,
    lines(
      'hugepool: note: SysV 6 stays: the process that made it runs',
      'hugepool: note: SysV 8 stays: it cannot be seen whether the process that made it runs',
      'hugepool: note: SysV 9 stays: it was used a short while ago',
      'hugepool: note: SysV 10 (key 0x00000abc) and 1 more segment stay: --keep names it',
      'hugepool: note: removed 1 segment: 0 pages came back',
    ),
  )
  t.strictSame(ids(), [6, 7, 8, 9, 10, 11])
})

t.test('JSON', async (t) => {
  const { run } = withSegments(t, [orphan, { id: 6, attached: 1 }, { id: 7 }])
  const refused = (id: number) => {
    if (id === 7) throw systemError('EPERM', 'shmctl')
  }
  const { status, stdout, stderr } = await run(`${clean} --yes --json`, {
    native: { removeSegment: refused },
  })
  t.equal(status, 64)
  t.match(stderr, 'SysV 7: not removed: its owner or root can remove it (EPERM)')
  const { removedSegments, keptSegments, notRemovedSegments, returned } = parseExact(
    stdout,
  ) as Record<string, unknown>
  t.strictSame(
    { removedSegments, keptSegments, notRemovedSegments, returned },
    {
      // The stub takes nothing away: so somebody seems to have attached it at that moment.
      removedSegments: [],
      keptSegments: [{ id: 6, reason: 'used' }],
      notRemovedSegments: [
        { id: 5, reason: 'late' },
        { id: 7, reason: 'no-permission' },
      ],
      returned: { pages: 0n, reservations: 0n, leftPool: 0n },
    },
  )
})

t.test('it asks, and a dry run prints lines', async (t) => {
  const { run, ids, questions } = withSegments(t, [orphan, { id: 6 }])
  t.hasStrict(await run(`${clean} -q`, { answer: 'n' }), { status: 0, stderr: '' })
  t.strictSame(questions, [
    [
      'nobody has these segments attached, and who made them is gone:',
      '  SysV 5 (key 0x00005254): 2 pages of 2M, of user 26',
      '  SysV 6: 2 pages of 2M, of user 26',
      'remove 2 segments? [y/N] ',
    ].join('\n'),
  ])
  t.hasStrict(await run(clean), {
    status: 2,
    stderr: lines(
      'hugepool: --clean asks before it removes anything, and here is no terminal',
      'hint: give --yes',
      "try 'hugepool files --help'",
    ),
  })
  t.strictSame(await run(`${clean} --dry-run --keep 6`), {
    status: 0,
    stdout: lines('ipcrm -m 5'),
    stderr: 'hugepool: note: SysV 6 stays: --keep names it\n',
  })
  t.strictSame(ids(), [5, 6])
  t.equal((await run(clean, { answer: 'y' })).status, 0)
  t.strictSame(ids(), [])
  t.hasStrict(await run(clean), {
    status: 0,
    stderr: 'hugepool: note: no SysV segment has huge pages\n',
  })
})

/** What becomes of a segment that changes after the look, while the lock is waited for. */
const changedMeanwhile = async (t: Test, now: readonly TableSegment[]) => {
  const { run, set, ids } = withSegments(t, [orphan], [])
  const watchSignals = () => {
    set(now)
    return { pending: () => undefined, end: () => {} }
  }
  const { status, stderr } = await run(`${clean} --yes`, { watchSignals })
  t.equal(status, 64)
  return { stderr, ids: ids() }
}

t.test('each is looked at again just before it is removed', async (t) => {
  const title = 'hugepool: SysV 5 (key 0x00005254): not removed: '
  t.strictSame(await changedMeanwhile(t, [{ ...orphan, attached: 1 }]), {
    stderr: `${title}somebody has it attached by now\n`,
    ids: [5],
  })
  const changed = `${title}it is another segment by now, or has gone\n`
  for (const other of [{ uid: 27 }, { key: 1 }, { creator: 78 }, { pages: 3n }])
    t.strictSame(await changedMeanwhile(t, [{ ...orphan, ...other }]), {
      stderr: changed,
      ids: [5],
    })
  t.strictSame(await changedMeanwhile(t, []), { stderr: changed, ids: [] })
})

t.test('a signal leaves the rest', async (t) => {
  const { run, ids } = withSegments(t, [orphan, { id: 6 }])
  let isStopped = false
  const watchSignals = () => ({
    pending: () => (isStopped ? ('SIGINT' as const) : undefined),
    end: () => {},
  })
  const { status, stderr } = await run(`${clean} --yes`, {
    watchSignals,
    native: {
      removeSegment: () => {
        isStopped = true
        throw systemError('EINVAL', 'shmctl')
      },
    },
  })
  t.equal(status, 'SIGINT')
  t.match(stderr, 'SysV 6: not removed: a signal came before')
  t.strictSame(ids(), [5, 6])
})

t.test('wrong words', async (t) => {
  const { run } = withSegments(t, [orphan])
  for (const word of ['x', '05', '-1', '1.5', '2147483648', '/mnt'])
    t.hasStrict(await run(`files --segments -- ${word}`), {
      status: 2,
      stderr: lines(
        `hugepool: '${word}' is not the number of a segment`,
        "try 'hugepool files --help'",
      ),
    })
  t.hasStrict(await run('files --segments 6'), {
    status: 2,
    stderr: lines(
      'hugepool: there is no segment 6 of huge pages in this IPC namespace',
      "try 'hugepool files --help'",
    ),
  })
})

t.test('who names the command where such a segment is', async (t) => {
  const hint = (which: string, one: string) =>
    `hint: 'hugepool files --segments --clean' removes ${which}; 'ipcrm -m 5' removes ${one} without a look\n`
  const { run, set } = withSegments(
    t,
    [orphan, { id: 6, attached: 1 }, { id: 7, creator: 90 }],
    [90],
  )
  const found = await run('who --all -rno NAME')
  t.match(found.stdout, 'attached,\\040its\\040creator\\040is\\040gone')
  t.match(
    found.stderr,
    hint('segment 5, which nobody has attached and whose creator is gone', 'it'),
  )
  set([orphan, { id: 6 }])
  t.match(
    (await run('who --all')).stderr,
    hint('the 2 segments that nobody has attached and whose creators are gone', 'one'),
  )
  set([
    { id: 6, attached: 1 },
    { id: 7, creator: 90 },
  ])
  t.notMatch((await run('who --all')).stderr, 'hint:')
})
