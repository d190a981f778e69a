import { chmodSync } from 'node:fs'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { booksOf, checkAccount, checkBooks, look, onlyHeldBy, rowsOf } from './support/accounts.ts'
import { liveOn } from './support/live.ts'
import { setPool, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { machineName, patience } from './support/needs.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import { hugepoolLine, pause, start, within } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'
import { animal, fileFor, zooDirectory, zooLine } from './support/zoo.ts'
import { wanted, ways } from './support/zoo-kinds.ts'

const live = liveOn('room', 'processes: holders')

const silent = liveOn('room', 'real time', 'file systems of processes')

const pages = 3
const pool = 128

for (const way of ways)
  live(`a holder alone: ${way}`, async (t) => {
    setPool(smallest, pool)
    const directory = wanted(way, pages).needsFile ? await mounted() : ''
    const holder = await animal(way, pages, fileFor(directory, way))
    const all = [wanted(way, pages)]
    const { status, document } = await look('--all')
    t.equal(status, 0)
    checkAccount(t, document, all, 'the account')
    checkBooks(t, (await look()).document, all, 'the books without --all')
    const { together, rows } = wanted(way, pages)
    if (together !== undefined) {
      const words = ['--by', 'kind', '--raw', '--noheadings', '--output', 'HOLDS,PAGES']
      const { out } = await within(['who', '--all', ...words])
      t.equal(out, `mapping ${together}\n`, `of ${rows}`)
    }
    await holder.release()
    await onlyHeldBy()
  })

const reservedIn = async () => {
  const { document, err } = await look('--all')
  const rows = document.holders.map(({ holds, reserved, reservedAtMost }) => [
    holds,
    ...[reserved, reservedAtMost].map((count) => count && Number(count)),
  ])
  return { rows, books: booksOf(document), err }
}

live('a page that a hole took away is not reserved again, which nothing shows', async (t) => {
  setPool(smallest, pool)
  const holder = await animal('punched', pages)
  const { rows, books } = await reservedIn()
  t.strictSame(rows, [['mapping', undefined, 1]])
  t.hasStrict(books, { inUse: pages, explained: pages, reserved: 0, reservedExplained: 0 })
  await holder.release()
})

live('what a file without a mapping can have reserved, though nothing leads there', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const holder = await animal('mount-promised', pages, { file: `${directory}/f` })
  const { rows, books, err } = await reservedIn()
  t.strictSame(rows, [['descriptor', undefined, pages]])
  t.hasStrict(books, { inUse: 0, reserved: pages, reservedExplained: 0 })
  t.match(err, `0 of them explained, and perhaps ${pages} of files that nobody has mapped`)
  await holder.release()
})

live('of a child whose memory was moved the reservations are those of its parent', async (t) => {
  setPool(smallest, pool)
  for (const way of ['fork-moved', 'fork-moves']) {
    const holder = await animal(way, pages)
    const { document } = await look('--all')
    t.strictSame(
      document.holders.map(({ pid, reserved }) => [pid, reserved]),
      [[holder.pid, BigInt(pages)]],
    )
    await holder.release()
  }
})

live('a file with the name of a segment is not counted twice', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const holder = await animal('like-segment', pages, fileFor(directory, 'like-segment'))
  const { document } = await look()
  t.strictSame(
    document.holders.map(({ name }) => name),
    ['/SYSV00000000'],
  )
  t.notOk(document.moved)
  await holder.release()
})

live('a whole gibibyte of small pages whose page table two processes share', async (t) => {
  const whole = 2 ** 30 / smallest
  setPool(smallest, whole)
  const holder = await animal('pmd', whole)
  checkAccount(t, (await look('--all')).document, [wanted('pmd', whole)], 'each page once')
  await holder.release()
})

const spaces: Readonly<Record<string, readonly string[]>> = {
  user: ['unshare', '-U', '-r'],
  mount: ['unshare', '-m'],
  pid: ['unshare', '-p', '-f'],
  ipc: ['unshare', '-i'],
}

/** Those that an emulated machine has time for in each of the namespaces. */
const commonest = ['private', 'memfd', 'memfd-open', 'fork', 'segment', 'segment-left', 'file']

/** These take capabilities in the namespace of the machine. */
const isPrivileged = (way: string): boolean => /^(segment|mount|minimum|like)/.test(way)

for (const [space, by] of Object.entries(spaces))
  live(`holders in a namespace of their own: ${space}`, async (t) => {
    t.setTimeout(300_000 * patience)
    setPool(smallest, pool)
    const directory = await mounted()
    for (const way of machineName === undefined ? ways : commonest) {
      if (space === 'user' && isPrivileged(way)) continue
      const holder = await animal(way, pages, { ...fileFor(directory, way), by })
      checkAccount(t, (await look('--all')).document, [wanted(way, pages)], `${space}: ${way}`)
      await holder.release()
      await onlyHeldBy()
    }
  })

live('a file on a mount that only another mount namespace has', async (t) => {
  setPool(smallest, pool)
  const directory = temporaryDirectory()
  const mount = `mount -t hugetlbfs -o pagesize=${smallest} none ${directory}`
  const line = zooLine({ way: 'file-left', pages, file: `${directory}/f` }).join(' ')
  const by = ['unshare', '-m', 'sh', '-c', `${mount}; exec ${line}`, 'sh']
  const holder = await animal('file-left', pages, { by })
  checkAccount(t, (await look()).document, [wanted('file-left', pages)], 'it is found')
  await holder.release()
})

silent('a file system that does not answer holds nobody up', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  await animal('mount-silent', 1, { file: `${directory}/f` })
  const holder = await animal('memfd', pages)
  const running = start([...hugepoolLine, 'who', '--all', '--json'])
  const ended = await Promise.race([running.result, pause(20_000)])
  t.equal(ended?.status, 0)
  t.strictSame(rowsOf(whoSchema.parse(parseExact(ended?.out ?? ''))), [`mapping ${pages}`])
  await holder.release()
})

live('an ordinary user: processes with one memory have each page once', async (t) => {
  setPool(smallest, pool)
  const by = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  chmodSync(zooDirectory(), 0o755)
  const holder = await animal('vm', pages, { by })
  const { status, out } = await asNobody(readableCopy(), 'who', '--json')
  t.equal(status, 0)
  const document = whoSchema.parse(parseExact(out))
  t.hasStrict(booksOf(document), { inUse: pages, explained: pages })
  t.strictSame(rowsOf(document), [`mapping ${pages}`, `mapping ${pages}`])
  await holder.release()
})

live('an ordinary user: own pages in full, and what cannot be seen is said', async (t) => {
  setPool(smallest, pool)
  const by = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  chmodSync(zooDirectory(), 0o755)
  const own = await animal('private', pages, { by })
  const other = await animal('memfd-open', pages)
  const copy = readableCopy()
  const { status, out, err } = await asNobody(copy, 'who', '--json')
  t.equal(status, 0)
  const document = whoSchema.parse(parseExact(out))
  t.hasStrict(booksOf(document), { inUse: 2 * pages, explained: pages })
  const ofOwn = document.holders.filter(({ pid }) => pid === own.pid)
  t.hasStrict(ofOwn, [{ holds: 'mapping', pages: BigInt(pages) }])
  t.notOk(document.holders.some(({ pid }) => pid === other.pid))
  t.ok(document.unseen.processes > 0n)
  t.match(err, 'or a process that could not be looked into')
  await own.release()
  await other.release()
})

live('narrowed to a process, a file, a mount', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted(',min_size=16M')
  const one = await animal('file', pages, { file: `${directory}/a` })
  const two = await animal('memfd', pages)
  t.strictSame(rowsOf((await look('--pid', `${two.pid}`)).document), [`mapping ${pages}`])
  const byFile = (await look('--path', `${directory}/a`)).document
  t.strictSame(
    byFile.holders.map(({ pid, name }) => [pid, name]),
    [[one.pid, `${directory}/a`]],
  )
  const byMount = (await look('--mount', directory)).document
  t.strictSame(rowsOf(byMount), [`mapping ${pages}`, 'mount -'])
  t.strictSame(
    byMount.holders.map(({ reserved }) => Number(reserved)),
    [0, (16 * 2 ** 20) / smallest - pages],
  )
})
