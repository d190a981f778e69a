import { existsSync } from 'node:fs'
import { filesSchema } from '../../src/output/schemas/files-schema.ts'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { kernelFrom, setPool, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { hugepoolLine, run } from './support/program.ts'

const live = liveOn('pools that can be set', 'processes: holders')

const pool = 8

/** From 7.0 on the kernel is not asked by a lease. */
const state = kernelFrom('7.0') ? 'unknown' : 'open'

live('in a PID namespace of its own, files that others have are not left', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const file = `${directory}/theirs`
  const held = await hold(smallest, { pages: 1, touch: 1, sharing: 'shared', file })
  const inside = (...words: readonly string[]) =>
    run(['unshare', '--pid', '--fork', '--mount-proc', ...hugepoolLine, ...words])
  const listed = filesSchema.parse(parseExact((await inside('files', '--json')).out))
  t.strictSame([listed.files.map((one) => one.state), listed.unseen.hidden], [[state], true])
  const planned = await inside('files', '--clean', '--older', '0s', '--dry-run')
  t.strictSame([planned.status, planned.out], [0, ''])
  const cleaned = await inside('files', '--clean', '--older', '0s', '--yes')
  t.strictSame([cleaned.status, existsSync(file)], [0, true])
  const own = await hold(smallest, { pages: 2, touch: 2 })
  const who = await inside('who', '--json')
  t.equal(whoSchema.parse(parseExact(who.out)).unseen.hidden, true)
  t.match(
    who.err,
    '1 of 3 pages in use is explained; 2 are not: a driver, a pinned buffer or a descriptor in flight may hold them, or a process outside this PID namespace, which /proc does not show\n',
  )
  await own.release()
  await held.release()
})

live('the /proc of the machine shows all, in another PID namespace too', async (t) => {
  setPool(smallest, pool)
  const held = await hold(smallest, { pages: 2, touch: 2 })
  const { out, err } = await run(['unshare', '--pid', '--fork', ...hugepoolLine, 'who', '--json'])
  const { unseen, holders } = whoSchema.parse(parseExact(out))
  t.notOk('hidden' in unseen)
  t.strictSame(
    holders.map(({ holds, pages }) => [holds, pages]),
    [['mapping', 2n]],
  )
  t.match(err, 'all 2 pages in use are explained\n')
  await held.release()
})

live('without /proc it says so, and copies nothing', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const held = await hold(smallest, { pages: 2, touch: 2 })
  const without = (...words: readonly string[]) =>
    run([
      'unshare',
      '--mount',
      'sh',
      '-c',
      'umount -l /proc; exec "$@"',
      'sh',
      ...hugepoolLine,
      ...words,
    ])
  t.match((await without('who')).err, ', or any process, of which none is seen without /proc\n')
  for (const words of [
    ['files'],
    ['files', '--clean', '--yes'],
    ['cp', '/etc/passwd', directory],
  ]) {
    const { status, out, err } = await without(...words)
    t.strictSame([status, out], [4, ''], words.join(' '))
    t.match(
      err,
      /^hugepool: \/proc\/self\/[\w/]+: is missing\nhint: 'mount -t proc proc \/proc' shows it\n$/,
    )
  }
  await held.release()
})
