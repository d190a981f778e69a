import { findingsSchema } from '../../src/output/schemas/findings-schema.ts'
import { hold } from './support/holder.ts'
import { liveOn } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { hugepoolJson } from './support/program.ts'
import { animal } from './support/zoo.ts'

const live = liveOn('pools that can be set', 'processes: holders')

const name = sizeName(smallest)
const pool = 8

/** The findings of a name, as level and what is said before the colon, and whether all was seen. */
const found = async (finding: string) => {
  const { document, status } = await hugepoolJson(findingsSchema, 'doctor')
  const rows = document.findings.filter((one) => one.finding === finding)
  return {
    rows: rows.map(({ level, what }) => `${level}: ${what.split(':', 1)[0]}`),
    hints: rows.flatMap(({ hints = [] }) => hints),
    isBlind: document.unseen.some((text) => text.includes('may hold pages')),
    status,
  }
}

live('files that nobody has', async (t) => {
  setPool(smallest, pool)
  const directory = await mounted()
  const file = `${directory}/rtemap_0`
  const mapping = { pages: 2, touch: 2, sharing: 'shared', file } as const
  const holder = await hold(smallest, mapping)
  t.strictSame((await found('files-left')).rows, [], 'somebody has it')
  await holder.release()
  const { rows, hints, status } = await found('files-left')
  t.strictSame(
    { rows, hints, status },
    {
      rows: [`warning: 1 file on ${directory} keeps 2 pages of ${name}, and nobody has it`],
      hints: ["'hugepool files --clean --dry-run' shows what can be removed"],
      status: 5,
    },
  )
  await hold(smallest, { ...mapping, file: `${directory}/b` }).then(({ release }) => release())
  t.strictSame((await found('files-left')).rows, [
    `warning: 2 files on ${directory} keep 4 pages of ${name}, and nobody has them`,
  ])
})

live('pages that nobody is found to hold', async (t) => {
  setPool(smallest, pool)
  t.strictSame((await found('pages-unexplained')).rows, [])
  const holder = await animal('in-flight', 3)
  const { rows, hints, isBlind, status } = await found('pages-unexplained')
  const seen = {
    rows: [`warning: 3 pages of ${name} are in use by nobody who was found`],
    hints: [`'hugepool who ${name} --all' shows everybody who may have them`],
  }
  // Where a process may not be looked into, even by root, it may hold them.
  t.strictSame({ rows, hints }, isBlind ? { rows: [], hints: [] } : seen)
  t.equal(status, isBlind ? status : 5)
  await holder.release()
  t.strictSame((await found('pages-unexplained')).rows, [])
})
