import { errorSchema } from '../../src/output/schemas/parts.ts'
import { dryRunSchema } from '../../src/output/schemas/schema.ts'
import { hold } from './support/holder.ts'
import { liveOn, snapshot } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { mounted, sleeping } from './support/mounted.ts'
import { hugepool, hugepoolJson, run } from './support/program.ts'

const live = liveOn('pools that can be set')

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
  for (const more of [[], ['--dry-run']]) {
    const { status, document } = await hugepoolJson(errorSchema, ...words, ...more)
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
