import { rmSync } from 'node:fs'
import { filesSchema } from '../../src/output/schemas/files-schema.ts'
import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { atEnd, liveOn } from '../live/support/live.ts'
import { countsOf, setPoolAlone, smallest } from '../live/support/machine.ts'
import { mounted } from '../live/support/mounted.ts'
import { hugepoolJson, startWithInput, until } from '../live/support/program.ts'

const live = liveOn('room')

const pool = 64
const prefix = `hugepool${process.pid}`

/** A primary process without devices, which takes as many pages as it needs for its packets. */
const startDpdk = async (directory: string) => {
  const line = [
    ...['dpdk-testpmd', '--huge-dir', directory, '--file-prefix', prefix, '--lcores=(0,1)@0'],
    ...['--no-pci', '--no-telemetry', '--vdev', 'net_null0'],
    ...['--', '-i', '--total-num-mbufs=2048'],
  ]
  const child = startWithInput(line)
  atEnd(() => rmSync(`/run/dpdk/${prefix}`, { recursive: true, force: true }))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: unknown) => {
      said += text
    })
  await until('its prompt', () => {
    if (child.exitCode !== null) throw new Error(said)
    return said.includes('testpmd>')
  })
  const closed = new Promise((done) => child.once('close', done))
  const kill = async () => {
    child.kill('SIGKILL')
    await closed
  }
  return { pid: child.pid ?? 0, kill }
}

live('what dpdk-testpmd leaves when it is killed is found, named and removed', async (t) => {
  setPoolAlone(smallest, pool)
  const directory = await mounted()
  const { pid, kill } = await startDpdk(directory)
  const used = pool - countsOf(smallest).free
  t.ok(used > 0, `it has ${used} pages`)

  const { document: who } = await hugepoolJson(whoSchema, 'who')
  t.match(who.pools[0], { inUse: BigInt(used), explained: BigInt(used), unexplained: 0n })
  const row = { pid, command: 'dpdk-testpmd', holds: 'mapping', pages: 1n, shared: true }
  t.hasStrict(who.holders, Array(used).fill(row), 'a mapping for each page')

  const { document: during } = await hugepoolJson(filesSchema, 'files', directory)
  t.equal(during.files.length, used, 'a file for each page')
  for (const { state, program, users, path } of during.files)
    t.strictSame(
      { state, program, users },
      { state: 'mapped', program: `DPDK (prefix ${prefix})`, users: [pid] },
      path,
    )
  const busy = await hugepoolJson(filesSchema, 'files', directory, '--clean', '--yes')
  t.strictSame(busy.document.removed, [], 'as long as it runs nothing is removed')

  await kill()
  t.equal(countsOf(smallest).free, pool - used, 'its files keep all of them')
  const { document: after } = await hugepoolJson(filesSchema, 'files', directory)
  t.equal(after.files.length, used)
  for (const { state, program, path } of after.files)
    t.strictSame({ state, program }, { state: 'left', program: `DPDK (prefix ${prefix})` }, path)

  const words = ['files', directory, '--clean', '--older', '0s', '--yes']
  const { status, document } = await hugepoolJson(filesSchema, ...words)
  t.equal(status, 0)
  t.equal(document.removed?.length, used)
  t.match(document.returned, { pages: BigInt(used) })
  t.strictSame(countsOf(smallest), { total: pool, free: pool, reserved: 0, surplus: 0 })
})
