import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { doctorSchema } from '../../src/output/schemas/doctor-schema.ts'
import { forkTable } from '../helpers/fork-table.ts'
import { parseExact } from '../helpers/json.ts'
import { answered, differing, doctor, failing, tried } from './support/answers.ts'
import { hold } from './support/holder.ts'
import { atEnd, liveOn } from './support/live.ts'
import {
  basePage,
  poolPath,
  setPool,
  setPoolAlone,
  sizeName,
  smallest,
  writeNumber,
} from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { inOwnMounts } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'

// Every check that can fail does so on a real kernel, and the test after it agrees.

const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
const withMounts = liveOn('pools that can be set', 'processes: mounts')

const name = sizeName(smallest)

live('doctor --fork says what becomes of a child', async (t) => {
  const directory = await mounted()
  const wrong: string[] = []
  for (const { pages, overcommit = 0, way, fails } of tried(forkTable, 0, 4)) {
    setPoolAlone(smallest, pages)
    writeNumber(poolPath(smallest, 'nr_overcommit_hugepages'), overcommit)
    const isFile = (way as readonly string[]).includes('file')
    const words = [...way, ...(isFile ? ['--mount', directory] : [])].join(' ')
    const result = await doctor(`${name}=3 --fork ${words}`.trimEnd())
    const line = `${pages}+${overcommit}: ${words}`
    wrong.push(...differing(line, result))
    const document = doctorSchema.parse(parseExact(result.out))
    const right = fails === undefined ? 'yes' : 'no'
    if (document.answer !== right || document.trial === undefined)
      wrong.push(`${line}: ${document.answer} (${failing(document)})`)
  }
  t.strictSame(wrong, [])
})

/** Sets something around the pools until the test ends. */
const setUntilEnd = (path: string, value: bigint): void => {
  const before = readFileSync(path, 'utf8')
  atEnd(() => writeFileSync(path, before))
  writeFileSync(path, `${value}`)
}

/** The segments there, and their memory in base pages. */
const segmentsThere = () => {
  const [, ...rows] = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n')
  const sizes = rows.map((row) => BigInt(row.trim().split(/ +/)[3] ?? '0'))
  const basePages = sizes.reduce(
    (sum, bytes) => sum + (bytes + BigInt(basePage) - 1n) / BigInt(basePage),
    0n,
  )
  return { segments: BigInt(rows.length), basePages }
}

live('limits on SysV segments: what is just enough, and what is too little', async (t) => {
  setPool(smallest, 6)
  const bytes = 4n * BigInt(smallest)
  const { segments, basePages } = segmentsThere()
  const found: string[] = []
  const wrong: string[] = []
  for (const [limit, enough, less] of [
    ['shmmax', bytes, 1n],
    ['shmall', basePages + bytes / BigInt(basePage), 1n],
    ['shmmni', segments + 1n, 1n],
  ] as const) {
    const path = `/proc/sys/kernel/${limit}`
    const before = BigInt(readFileSync(path, 'utf8'))
    for (const value of [enough, enough - less]) {
      setUntilEnd(path, value)
      const result = await doctor(`${name}=4 --via shm`)
      wrong.push(...differing(`${limit}=${value}`, result))
      const document = doctorSchema.parse(parseExact(result.out))
      found.push(`${document.answer} ${failing(document)}`.trimEnd())
    }
    writeFileSync(path, `${before}`)
  }
  t.strictSame(wrong, [])
  t.strictSame(found, ['yes', 'no shmmax', 'yes', 'no shmall', 'yes', 'no shmmni'])
})

const mapCount = '/proc/sys/vm/max_map_count'

live('a process that has as many mappings as it may have', async (t) => {
  setPool(smallest, 4)
  // More than any program has, so that this one alone meets the limit.
  if (BigInt(readFileSync(mapCount, 'utf8')) > 65530n) setUntilEnd(mapCount, 65530n)
  const crowded = await hold(smallest, { pages: 1, crowded: true })
  const usual = await hold(smallest, { pages: 1 })
  t.equal(await answered(`${name}=2`, '--pid', `${crowded.pid}`), 'no map-count')
  t.equal(await answered(`${name}=2`, '--pid', `${usual.pid}`), 'yes')
})

withMounts('a mount that another one hides', async (t) => {
  setPool(smallest, 4)
  const directory = `${temporaryDirectory()}/huge`
  mkdirSync(directory)
  const around = `grep ' - hugetlbfs ' /proc/self/mountinfo | cut -d' ' -f5 | while read -r each; do
    umount "$each"
  done
  mount -t hugetlbfs -o pagesize=${smallest} none ${directory}`
  const words = ['doctor', `${name}=2`, '--via', 'file', '--try', '--json']
  const found: string[] = []
  for (const over of ['', `mount -t tmpfs none ${directory}`]) {
    const { out, err } = await inOwnMounts(`${around}\n${over}`, ...words)
    const document = doctorSchema.parse(parseExact(out))
    const { answer, trial } = document
    found.push(
      `${answer} ${failing(document)} ${trial?.outcome} ${trial?.differs} ${err.includes('checks said')}`,
    )
  }
  t.strictSame(found, ['yes  done false false', 'no mount-hidden refused false false'])
})
