import { testSchema } from '../../src/output/schemas/test-schema.ts'
import { forkTable } from '../helpers/fork-table.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  poolPath,
  setPoolAlone,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { hugepoolJson } from './support/program.ts'

const live = liveOn('pools that can be set')

const name = sizeName(smallest)

live('test --fork: what a child takes, as in the table', async (t) => {
  const directory = await mounted()
  for (const { pages, overcommit = 0, way, becomes, written, copied, fails } of forkTable) {
    setPoolAlone(smallest, pages)
    writeNumber(poolPath(smallest, 'nr_overcommit_hugepages'), overcommit)
    const isFile = (way as readonly string[]).includes('file')
    const line = [`${name}=3`, '--fork', ...way, ...(isFile ? ['--mount', directory] : [])]
    const { status, document } = await hugepoolJson(testSchema, 'test', ...line)
    const step = document.steps.find(({ step }) => step === 'fork')
    t.strictSame(
      {
        status,
        becomes: [step?.total, step?.free, step?.reserved, step?.surplus],
        fork: document.fork,
        failure: document.failure?.page,
        errno: document.failure?.errno,
      },
      {
        status: fails === undefined ? 0 : 64,
        becomes: becomes.map(BigInt),
        fork: { written: BigInt(written), copied: BigInt(copied) },
        failure: fails === undefined ? undefined : BigInt(fails),
        errno: fails === undefined ? undefined : 'SIGBUS',
      },
      `${pages}+${overcommit}: ${line.join(' ')}`,
    )
    t.strictSame(countsOf(smallest), { total: pages, free: pages, reserved: 0, surplus: 0 })
  }
})
