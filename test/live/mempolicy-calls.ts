import { existsSync } from 'node:fs'
import { liveOn } from './support/live.ts'
import {
  memoryNodes,
  persistentOf,
  poolPath,
  setPool,
  sizeName,
  smallest,
} from './support/machine.ts'
import { hugepool } from './support/program.ts'
import { trace } from './support/trace.ts'

const live = liveOn('room', 'processes: policies')

const name = sizeName(smallest)
const path = poolPath(smallest, 'nr_hugepages_mempolicy')
const node = memoryNodes.at(-1) ?? 0
const traced = ['get_mempolicy', 'set_mempolicy', 'openat', 'open', 'write']

const modes = { bind: 'MPOL_BIND', interleave: 'MPOL_INTERLEAVE', preferred: 'MPOL_PREFERRED' }

/** The first word of the mask, as strace prints it. */
const mask = `0x0*${(1n << BigInt(node)).toString(16)}[,\\]]`

for (const [mode, constant] of Object.entries(modes))
  live(`--mempolicy ${mode} writes with the thread under that policy`, async (t) => {
    setPool(smallest, 2)
    const words = ['resize', `${name}=6`, '--mempolicy', `${mode}:${node}`]
    if (!existsSync(path)) {
      t.equal((await hugepool(...words)).status, 4, 'a kernel without NUMA has no policies')
      return
    }
    const onNode = persistentOf(smallest, node)
    const { status, err, calls } = await trace(traced, ...words)
    t.strictSame({ status, err }, { status: 0, err: '' }, 'is done')
    const find = (pattern: RegExp) => calls.findIndex(({ text }) => pattern.test(text))
    const set = find(new RegExp(`^set_mempolicy\\(${constant}, \\[${mask}`))
    const write = find(/^write\(\d+<[^>]*nr_hugepages_mempolicy>, "6\\n", 2\) += 2$/)
    const reset = find(/^set_mempolicy\(MPOL_DEFAULT, NULL, 0\) += 0$/)
    t.ok(set >= 0, `set_mempolicy(${constant}) of node ${node}`)
    t.ok(write > set, 'then the write')
    t.ok(reset > write, 'then the policy that was there before')
    const threads = [set, write, reset].map((index) => calls[index]?.thread)
    t.equal(new Set(threads).size, 1, 'all in one thread')
    t.equal(persistentOf(smallest), 6)
    t.equal(persistentOf(smallest, node), onNode + 4, `the new pages are on node ${node}`)
    t.notOk(
      calls.some(({ text }) => /nr_hugepages", O_WRONLY/.test(text)),
      'the plain file is not written',
    )
  })

live('a policy of a node that is not there is an error before any write', async (t) => {
  setPool(smallest, 2)
  const { status } = await hugepool('resize', `${name}=6`, '--mempolicy', 'bind:1023')
  t.equal(status, 4)
  const both = await hugepool('resize', `${name}=${node}:6`, '--mempolicy', `bind:${node}`)
  t.equal(both.status, memoryNodes.length === 0 ? 4 : 2, 'so is a policy beside a node')
  t.equal(persistentOf(smallest), 2)
})
