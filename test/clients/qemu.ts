import { whoSchema } from '../../src/output/schemas/who-schema.ts'
import { liveOn } from '../live/support/live.ts'
import { countsOf, setPoolAlone, sizeName, smallest } from '../live/support/machine.ts'
import { mounted, stop } from '../live/support/mounted.ts'
import { hugepool, hugepoolJson, start, until } from '../live/support/program.ts'

const live = liveOn('room')

const pages = 32
const pool = 40

/** The kernel cuts the name of a process. */
const command = 'qemu-system-x86'

/** A machine without a processor that has all its memory from the start. */
const startQemu = async (backend: string) => {
  const size = `${(pages * smallest) / 2 ** 20}M`
  const object = `${backend},id=ram,size=${size},prealloc=on`
  const line = ['qemu-system-x86_64', '-machine', 'none', '-nodefaults', '-display', 'none', '-S']
  const running = start([...line, '-object', object])
  await until('its memory', () => {
    if (running.child.exitCode !== null) throw new Error(running.errNow())
    return countsOf(smallest).free === pool - pages
  })
  return running
}

const wholePool = { total: pool, free: pool, reserved: 0, surplus: 0 }

for (const share of ['on', 'off'])
  live(`the memory of QEMU on a hugetlbfs: share=${share}`, async (t) => {
    setPoolAlone(smallest, pool)
    const directory = await mounted()
    const running = await startQemu(`memory-backend-file,mem-path=${directory},share=${share}`)
    const { pid } = running.child
    const { document } = await hugepoolJson(whoSchema, 'who')
    t.match(document.pools[0], { inUse: 32n, explained: 32n, unexplained: 0n })
    const shared = share === 'on'
    t.hasStrict(document.holders, [{ pid, command, holds: 'mapping', pages: 32n, shared }])
    t.match(document.holders[0]?.name, `${directory}/qemu_back_mem.`)

    const { status, err } = await hugepool('umount', directory)
    t.equal(status, 1)
    t.match(err, `hint: process ${pid} (${command}): `)
    t.match(err, /, 32 pages$/m)

    await stop(running)
    await until('its pages', () => countsOf(smallest).free === pool)
    t.strictSame(countsOf(smallest), wholePool, 'QEMU leaves no file')
    t.equal((await hugepool('umount', directory)).status, 0)
  })

live('the memory of QEMU in a memfd', async (t) => {
  setPoolAlone(smallest, pool)
  const size = `hugetlb=on,hugetlbsize=${sizeName(smallest)}`
  const running = await startQemu(`memory-backend-memfd,${size}`)
  const { document } = await hugepoolJson(whoSchema, 'who')
  t.match(document.pools[0], { inUse: 32n, explained: 32n, unexplained: 0n })
  const { pid } = running.child
  t.hasStrict(document.holders, [{ pid, command, holds: 'mapping', pages: 32n, shared: true }])
  t.match(document.holders[0]?.name, '/memfd:')
  await stop(running)
  await until('its pages', () => countsOf(smallest).free === pool)
  t.strictSame(countsOf(smallest), wholePool)
})
