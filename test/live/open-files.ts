import { errorSchema } from '../../src/output/schemas/parts.ts'
import { changeSchema, dryRunSchema } from '../../src/output/schemas/pools-schema.ts'
import { hold } from './support/holder.ts'
import { liveOn, snapshot } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { mounted, sleeping } from './support/mounted.ts'
import { hugepool, hugepoolJson, run } from './support/program.ts'
import { animal } from './support/zoo.ts'

const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
const zoo = liveOn('pools that can be set', 'processes: holders')

const name = sizeName(smallest)

live('who has a deleted file open is named, for what that keeps cannot be freed', async (t) => {
  setPool(smallest, 4)
  const directory = await mounted()
  const file = `${directory}/gone`
  const { release } = await hold(smallest, { pages: 2, touch: 2, sharing: 'shared', file })
  await release()
  const script = `exec 3<${file}; rm ${file}; exec "$@"`
  const { child } = await sleeping(['sh', '-c', script, 'sh'])
  const before = snapshot()
  const hint = `${name}: process ${child.pid} (sleep) has ${file} (deleted) open, with 2 pages`
  const dry = await hugepoolJson(dryRunSchema, 'resize', `${name}=1`, '--dry-run')
  t.equal(dry.status, 0)
  t.strictSame(dry.document.hints, [hint])
  t.hasStrict(dry.document.held, [{ requested: 1n, surplus: 1n, aboveOvercommit: 1n }])
  const words = ['resize', `${name}=1`, '--all-or-nothing'] as const
  for (const [schema, ...more] of [[changeSchema], [errorSchema, '--dry-run']] as const) {
    const { status, document } = await hugepoolJson(schema, ...words, ...more)
    t.equal(status, 1)
    t.hasStrict(document.error, { code: 'E_REFUSED', reason: 'busy', hint })
  }
  t.strictSame(snapshot(), before, 'nothing was changed')
  const { status, err } = await hugepool('resize', `${name}=1`)
  t.equal(status, 64)
  t.match(err, `hint: ${hint}\n`)
})

live('who has a file of a detached mount open is named, and the file is not asked', async (t) => {
  setPool(smallest, 4)
  const directory = await mounted()
  const file = `${directory}/kept`
  const { release } = await hold(smallest, { pages: 2, touch: 2, sharing: 'shared', file })
  await release()
  const { child } = await sleeping(['sh', '-c', `exec 3<${file}; exec "$@"`, 'sh'])
  t.equal((await run(['umount', '-l', directory])).status, 0)
  const { status, err } = await hugepool('resize', `${name}=1`)
  t.equal(status, 64)
  t.match(
    err,
    `hint: ${name}: process ${child.pid} (sleep) has /kept open, on a mount that no table shows: if that is a detached hugetlbfs, its files keep their pages until this is closed\n`,
  )
})

live('who has only reserved pages is named', async (t) => {
  setPool(smallest, 6)
  const none = await hold(smallest, { pages: 3 })
  const some = await hold(smallest, { pages: 3, touch: 1, sharing: 'shared' })
  await hold(smallest, { pages: 1, noReserve: true })
  const { status, err } = await hugepool('resize', `${name}=0`)
  t.equal(status, 64)
  t.strictSame(
    err.split('\n').filter((line) => line.startsWith('hint: ')),
    [
      `hint: ${name}: process ${some.pid} (holder) has 1 page mapped, and can have up to 2 more reserved`,
      `hint: ${name}: process ${none.pid} (holder) has a mapping without a page so far, and can have up to 3 reserved`,
    ],
  )
})

live('the largest three are named, and the command that shows the rest', async (t) => {
  setPool(smallest, 12)
  const directory = await mounted()
  const file = `${directory}/left`
  const { release } = await hold(smallest, { pages: 4, touch: 4, sharing: 'shared', file })
  await release()
  const pids: number[] = []
  for (const pages of [1, 3, 2]) pids.push((await hold(smallest, { pages, touch: pages })).pid)
  const clean = `${directory}: files stay when processes end: 'hugepool files ${directory} --clean' removes those that nobody has, and 'hugepool umount ${directory} --dry-run' tells what would go with it`
  const named = [
    `${name}: 1 file on ${directory} keeps 4 pages, and nobody is seen to have it`,
    `${name}: process ${pids[1]} (holder) has 3 pages mapped`,
    `${name}: process ${pids[2]} (holder) has 2 pages mapped`,
    clean,
    `${name}: and 1 more holder: 'hugepool who ${name}' shows the rest`,
  ]
  const dry = await hugepoolJson(dryRunSchema, 'resize', `${name}=1`, '--dry-run')
  t.strictSame(dry.document.hints, named)
  const { status, err } = await hugepool('test', `${name}=4`)
  t.equal(status, 1)
  const hints = err.split('\n').flatMap((line) => /^hint: (.*)/.exec(line)?.[1] ?? [])
  t.strictSame(hints.slice(-named.length), named, 'the test of more than is available says it too')
})

live('what a test has itself is not told as that of others', async (t) => {
  setPool(smallest, 6)
  const { pid } = await hold(smallest, { pages: 4, touch: 4 })
  for (const more of [[], ['--via', 'memfd', '--processes', '2']]) {
    const { status, err } = await hugepool('test', `${name}=4`, '--noreserve', ...more)
    t.equal(status, 64)
    const hints = err.split('\n').flatMap((line) => /^hint: (.*)/.exec(line)?.[1] ?? [])
    t.strictSame(
      hints.filter((hint) => hint.startsWith(`${name}: `)),
      [`${name}: process ${pid} (holder) has 4 pages mapped`],
    )
  }
})

zoo('a segment that nobody has attached is named, for it stays', async (t) => {
  setPool(smallest, 6)
  const { pid } = await hold(smallest, { pages: 1, touch: 1 })
  // It removes the segment when it is released, and not when it is killed.
  const { release } = await animal('segment-left', 3)
  const { status, err } = await hugepool('resize', `${name}=1`)
  await release()
  t.equal(status, 64)
  const doubt = '(?:, if its pages are huge)?'
  const segment = `SysV segment (\\d+) of user root has 3 pages${doubt}, nobody attached`
  const id = new RegExp(`^hint: ${name}: ${segment}$`, 'm').exec(err)?.[1]
  t.ok(id, err)
  t.match(err, `hint: ${name}: process ${pid} (holder) has 1 page mapped\n`)
  if (!err.includes('if its pages are huge'))
    t.match(err, `hint: 'ipcrm -m ${id}' removes the segment to which nobody is attached\n`)
})
