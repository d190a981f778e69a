import { readFileSync, writeFileSync } from 'node:fs'
import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { atEnd, liveOn } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { offlineSwitch } from './support/needs.ts'
import { hugepoolJson } from './support/program.ts'

const live = liveOn('a CPU that can be taken offline')

const name = sizeName(smallest)
const pages = 16n

const allowedLine = (): string | undefined =>
  /^Cpus_allowed_list:.*$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[0]

const touched = async (...words: readonly string[]) => {
  const { status, document } = await hugepoolJson(testSchema, 'test', ...words)
  return { status, pages: document.touch?.pages, threads: document.touch?.threads }
}

live('a CPU that is offline has no thread, though the process may still run on it', async (t) => {
  setPool(smallest, Number(pages))
  const allowed = allowedLine()
  t.strictSame(await touched(`${name}=${pages}`), { status: 0, pages, threads: 2n })
  writeFileSync(offlineSwitch, '0')
  atEnd(() => writeFileSync(offlineSwitch, '1'))
  t.equal(readFileSync('/sys/devices/system/cpu/online', 'utf8'), '0\n')
  t.equal(allowedLine(), allowed, 'the kernel keeps it in the list')
  t.strictSame(await touched(`${name}=${pages}`), { status: 0, pages, threads: 1n })
})

const onTwo = liveOn(
  'a CPU that can be taken offline',
  'two nodes with memory',
  'no node without memory',
)

onTwo('a node whose CPU is offline is touched by the threads of others', async (t) => {
  setPool(smallest, 2 * Number(pages))
  writeFileSync(offlineSwitch, '0')
  atEnd(() => writeFileSync(offlineSwitch, '1'))
  t.strictSame(await touched(`${name}=1:4`), { status: 0, pages: 4n, threads: 1n })
})
