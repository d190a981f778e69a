import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorSchema } from '../../src/output/schemas/parts.ts'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn } from './support/live.ts'
import { countsOf, setPoolAlone, sizeName, smallest } from './support/machine.ts'
import { mountJson, mountPoint, ofSmallest } from './support/mounts.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import { hugepool, run } from './support/program.ts'

const live = liveOn('pools that can be set', 'processes: users')

const name = sizeName(smallest)
const nobody = ['--user', '65534', '--group', '65534'] as const

const json = async (...words: readonly string[]) => {
  const { status, out } = await hugepool('test', ...words, ...nobody, '--json')
  return { status, document: parseExact(out) }
}

live('test --user: every way as a user with no privilege', async (t) => {
  setPoolAlone(smallest, 8)
  for (const via of ['anon', 'memfd']) {
    const { status, document } = await json(`${name}=4`, '--via', via)
    t.equal(status, 0, via)
    const { outcome, user, group } = testSchema.parse(document)
    t.strictSame({ outcome, user, group }, { outcome: 'done', user: '65534', group: '65534' })
  }
  const segment = await json(`${name}=4`, '--via', 'shm')
  t.equal(segment.status, 3)
  const { error } = errorSchema.parse(segment.document)
  t.equal(error.reason, 'not-root', 'it is about the user, not about the root that asks')
  t.match(error.message, /^shmget: SHM_HUGETLB needs CAP_IPC_LOCK \(this process has it not\)/)
  t.equal(
    (await hugepool('test', `${name}=4`, '--via', 'shm')).status,
    0,
    'the caller is as before',
  )
  t.strictSame(countsOf(smallest), { total: 8, free: 8, reserved: 0, surplus: 0 })
})

live('test --user: a file is made as the user', async (t) => {
  setPoolAlone(smallest, 8)
  const target = mountPoint()
  t.equal((await mountJson(target, ...ofSmallest)).status, 0)
  const words = [`${name}=2`, '--mount', target]
  chmodSync(dirname(target), 0o755)
  chmodSync(target, 0o755)
  const refused = await json(...words)
  t.equal(refused.status, 3)
  t.equal(errorSchema.parse(refused.document).error.reason, 'no-permission')
  chmodSync(target, 0o777)
  t.equal((await json(...words)).status, 0)
})

live('test --user: without privilege only as oneself', async (t) => {
  setPoolAlone(smallest, 8)
  const directory = readableCopy()
  const { status, err } = await asNobody(
    directory,
    'test',
    `${name}=1`,
    '--user',
    '1',
    '--group',
    '1',
  )
  t.strictSame(
    { status, err },
    {
      status: 3,
      err: 'hugepool: --user 1: only root (CAP_SETUID and CAP_SETGID) may make the test as another user\nhint: run it as root\n',
    },
  )
  const both = ['--inh-caps', '--ambient-caps'].map((set) => `${set}=+setuid,+setgid`)
  const capable = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', ...both]
  const line = [process.execPath, `${directory}/bin/hugepool.js`, 'test', `${name}=1`]
  const root = await run([...capable, ...line, '--user', 'root'], directory)
  t.strictSame(
    { status: root.status, err: root.err },
    {
      status: 3,
      err: 'hugepool: --user root: only root may make the test as root\nhint: start hugepool as root, or name another user\n',
    },
  )
  t.equal((await asNobody(directory, 'test', `${name}=1`, ...nobody)).status, 0)
})
