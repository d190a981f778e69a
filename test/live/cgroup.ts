import { readFileSync, writeFileSync } from 'node:fs'
import { changeSchema } from '../../src/output/schemas/pools-schema.ts'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { hold } from './support/holder.ts'
import { atEnd, liveOn } from './support/live.ts'
import { countsOf, setPool, smallest } from './support/machine.ts'
import { hugepool, hugepoolJson, hugepoolLine, run, until } from './support/program.ts'
import { animal } from './support/zoo.ts'

const live = liveOn('the machine hugetlb-cgroup')

const groups = '/sys/fs/cgroup'
const limited = `${groups}/limited`
const pages = 4

/** From now on this process and those it starts are in the cgroup, until the test ends. */
const enter = (): void => {
  writeFileSync(`${limited}/cgroup.procs`, '0')
  atEnd(() => writeFileSync(`${groups}/cgroup.procs`, '0'))
}

const inGroup = (file: string): string => readFileSync(`${limited}/hugetlb.2MB.${file}`, 'utf8')

live('a limit of a cgroup takes pages away that the pool has', async (t) => {
  t.equal(inGroup('max'), `${pages * smallest}\n`)
  setPool(smallest, 8)
  enter()
  const holding = await hold(smallest, { pages: pages + 1, touch: pages })
  t.equal(inGroup('current'), `${pages * smallest}\n`, 'the limit is reached')
  t.strictSame(countsOf(smallest), { total: 8, free: 4, reserved: 1, surplus: 0 })
  await t.rejects(holding.touch(), { code: 'SIGBUS' }, 'one page more kills')
  t.strictSame(countsOf(smallest), { total: 8, free: 8, reserved: 0, surplus: 0 })
  t.equal(inGroup('current'), '0\n')
})

live('a pool is listed and resized beyond the limit of the own cgroup', async (t) => {
  setPool(smallest, 0)
  enter()
  const { status, err, document } = await hugepoolJson(changeSchema, 'resize', '2M=20')
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.match(document.changes[0], { before: 0n, requested: 20n, after: 20n })
  t.equal(inGroup('current'), '0\n', 'pages of the pool belong to no cgroup')
  const listed = await hugepool(
    'list',
    '2M',
    '--noheadings',
    '--raw',
    '--output',
    'total,available',
  )
  t.equal(listed.out, '20 20\n')
  t.equal(
    listed.err,
    'hugepool: note: 2M: the cgroup /limited allows 8M (hugetlb.2MB.max) and has 0: 4 more pages can be had here, of 20 available\n',
  )
  const outside = await hold(smallest, { pages: 1 })
  await outside.release()
  t.equal((await hugepool('resize', '2M=3')).status, 0)
  t.strictSame(countsOf(smallest), { total: 3, free: 3, reserved: 0, surplus: 0 })
})

live('who says which limits keep pages from their processes', async (t) => {
  setPool(smallest, 8)
  const hints = async (...words: string[]) =>
    (await hugepool('who', '2M', ...words)).err
      .split('\n')
      .filter((line) => line.includes(': the cgroup '))
  t.strictSame(await hints(), [], 'nothing is counted yet')
  enter()
  const holding = await hold(smallest, { pages, touch: pages })
  writeFileSync(`${groups}/cgroup.procs`, '0')
  const told = `hint: 2M: the cgroup /limited allows 8M (hugetlb.2MB.max) and has 8M: its processes end with SIGBUS at the next page that they touch, though 4 pages are available: 'echo ${(pages + 1) * smallest} > ${limited}/hugetlb.2MB.max' lets them have one more`
  t.strictSame(await hints(), [told], 'from another group')
  t.strictSame(await hints('--pid', `${holding.pid}`), [told])
  t.strictSame(await hints('--pid', `${process.pid}`), [])
  const reserving = `${limited}/hugetlb.2MB.rsvd.max`
  writeFileSync(reserving, `${pages * smallest}`)
  atEnd(() => writeFileSync(reserving, 'max'))
  t.match((await hints()).join('\n'), /: its processes cannot reserve another page, though 4 pages/)
  await holding.release()
  t.strictSame(await hints(), [])
})

live('test: in a cgroup, by its path and by its directory', async (t) => {
  setPool(smallest, 8)
  for (const path of ['/limited', limited]) {
    // A process of its own, for it stays where it went.
    const { status, out } = await run([
      ...hugepoolLine,
      'test',
      `2M=${pages + 1}`,
      ...['--threads', '1', '--cgroup', path, '--json'],
    ])
    t.equal(status, 64, path)
    const { failure, cgroup } = testSchema.parse(parseExact(out))
    t.equal(cgroup, path)
    t.strictSame(failure, {
      page: BigInt(pages),
      errno: 'SIGBUS',
      reason: 'limit',
      why: 'the cgroup /limited allows 8M (hugetlb.2MB.max) and has 8M: no room for another page',
    })
  }
  t.strictSame(countsOf(smallest), { total: 8, free: 8, reserved: 0, surplus: 0 })
  t.equal(inGroup('current'), '0\n')
  const { status, err } = await run([...hugepoolLine, 'test', '2M=1', '--cgroup', '/nowhere'])
  t.equal(status, 2)
  t.match(err, 'the cgroup /nowhere: there is no such cgroup')
})

live('who names the cgroup of pages that nobody explains', async (t) => {
  setPool(smallest, 8)
  const charged = async () =>
    (await hugepoolJson(whoSchema, 'who')).document.pools.find(
      ({ pageSize }) => pageSize === BigInt(smallest),
    )?.charged
  enter()
  const seen = await hold(smallest, { pages: 1, touch: 1 })
  const pinned = await animal('ring', 2)
  const flying = await animal('in-flight', 1)
  writeFileSync(`${groups}/cgroup.procs`, '0')
  t.equal(inGroup('current'), `${4 * smallest}\n`)
  t.strictSame(await charged(), [{ group: '/limited', pages: 4n, seen: 1n }])
  await pinned.release()
  await flying.release()
  await until('their pages', () => inGroup('current') === `${smallest}\n`)
  t.equal(await charged(), undefined, 'all is explained')
  await seen.release()
})
