import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { findingsSchema } from '../../src/output/schemas/findings-schema.ts'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { atEnd, liveOn } from '../live/support/live.ts'
import { countsOf, setPoolAlone, smallest } from '../live/support/machine.ts'
import { hugepool, hugepoolJson, run, start, until } from '../live/support/program.ts'

const live = liveOn('room')

const pool = 80

const versions = '/usr/lib/postgresql'
const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0]
const programs = `${versions}/${newest}/bin`

const account = (() => {
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return { uid: Number(line?.[1]), gid: Number(line?.[2]) }
})()

const asPostgres = (program: string, ...words: readonly string[]): readonly string[] => [
  ...['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'],
  `${programs}/${program}`,
  ...words,
]

/** A cluster of its own, which nothing but this test knows. */
const makeCluster = async (): Promise<string> => {
  const directory = mkdtempSync(join(tmpdir(), 'hugepool-postgresql-'))
  atEnd(() => rmSync(directory, { recursive: true, force: true }))
  chownSync(directory, account.uid, account.gid)
  const words = ['-D', join(directory, 'data'), '-A', 'trust', '--no-sync', '--locale=C']
  const { status, err } = await run(asPostgres('initdb', ...words), directory)
  if (status !== 0) throw new Error(err)
  return directory
}

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)

/** By a small segment of small pages a server notices another one; it stays when that is killed. */
const segmentsOf = (pid: number): readonly string[] =>
  readFileSync('/proc/sysvipc/shm', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .filter(([, , , , creator]) => creator === `${pid}`)
    .map(([, id = '']) => id)

/** Starts a server whose buffers are huge pages, or which ends where it is not to do without. */
const startServer = async (directory: string, more: Readonly<Record<string, string>> = {}) => {
  const settings = {
    huge_pages: 'on',
    shared_buffers: '64MB',
    ...more,
    max_connections: '10',
    listen_addresses: '',
    unix_socket_directories: directory,
    // A server that is killed leaves its segments of /dev/shm there.
    dynamic_shared_memory_type: 'mmap',
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const line = asPostgres('postgres', '-D', join(directory, 'data'), ...words)
  const { child, result, errNow } = start(line, directory)
  await until('the server', () => {
    if (child.exitCode !== null) throw new Error(errNow())
    return errNow().includes('ready to accept connections')
  })
  const pid = child.pid ?? 0
  const children = childrenOf(pid)
  const all = [pid, ...children]
  const isThere = (one: number): boolean => existsSync(`/proc/${one}`)
  const kill = async () => {
    for (const one of all.filter(isThere)) process.kill(one, 'SIGKILL')
    await result
    await until('its processes', () => !all.some(isThere))
  }
  atEnd(async () => {
    await kill()
    for (const id of segmentsOf(pid)) await run(['ipcrm', '-m', id])
  })
  return { pid, children, kill }
}

type Account = z.output<typeof whoSchema>

/** The books of a pool whose pages are all explained. */
const explainedBooks = ({ pools }: Account) => {
  const { inUse, unexplained, reserved = 0n, reservedExplained } = pools[0] ?? {}
  return { inUse, unexplained, unknown: reserved - (reservedExplained ?? 0n) }
}

const settledBooks = () => {
  const { total, free } = countsOf(smallest)
  return { inUse: BigInt(total - free), unexplained: 0n, unknown: 0n }
}

live('the buffers of PostgreSQL are named: memory without a file', async (t) => {
  setPoolAlone(smallest, pool)
  const { pid, kill } = await startServer(await makeCluster())
  const { document } = await hugepoolJson(whoSchema, 'who')
  t.strictSame(explainedBooks(document), settledBooks())
  t.hasStrict(
    document.holders.find((one) => one.pid === pid),
    { command: 'postgres', user: 'postgres', holds: 'mapping', shared: true, name: 'anonymous' },
  )
  await kill()
  t.strictSame(countsOf(smallest), { total: pool, free: pool, reserved: 0, surplus: 0 })
  t.match((await hugepool('who')).err, 'no page is in use', 'nothing remains of it')
})

live('what remains when the first process of PostgreSQL is killed is told', async (t) => {
  setPoolAlone(smallest, pool)
  const { pid, children, kill } = await startServer(await makeCluster())
  // They end when they see that it is gone.
  for (const child of children) process.kill(child, 'SIGSTOP')
  process.kill(pid, 'SIGKILL')
  await until('its end', () => !existsSync(`/proc/${pid}`))
  const { document } = await hugepoolJson(whoSchema, 'who')
  t.strictSame(explainedBooks(document), settledBooks())
  t.ok(document.holders.length > 0, 'the others have its buffers')
  for (const { pid: holder, holds, user } of document.holders)
    t.strictSame(
      { isChild: children.includes(holder ?? 0), holds, user },
      { isChild: true, holds: 'mapping', user: 'postgres' },
    )
  await kill()
  t.match((await hugepool('who')).err, 'no page is in use')
})

/** What doctor says of a process, by the name of the finding. */
const foundOf = async (finding: string, pid: number) => {
  const { document } = await hugepoolJson(findingsSchema, 'doctor')
  return document.findings
    .filter((one) => one.finding === finding && one.what.startsWith(`process ${pid} `))
    .map(({ level, what, hints }) => ({ level, what, hints }))
}

live('a PostgreSQL that went on without huge pages is found', async (t) => {
  setPoolAlone(smallest, 0)
  const large = { huge_pages: 'try', shared_buffers: '256MB' }
  const { pid, kill } = await startServer(await makeCluster(), large)
  const found = await foundOf('fell-back', pid)
  t.hasStrict(found, [{ level: 'warning' }])
  t.match(
    found[0]?.what,
    /^process \d+ \(postgres\) asks for huge pages \(huge_pages=try\), and has 2\d\d\.?\d*M in base pages/,
  )
  t.match(found[0]?.hints?.[0], /^'hugepool doctor default=/)
  await kill()
  setPoolAlone(smallest, 160)
  const roomy = await startServer(await makeCluster(), large)
  t.strictSame(await foundOf('fell-back', roomy.pid), [], 'it has its pages')
  await roomy.kill()
})
