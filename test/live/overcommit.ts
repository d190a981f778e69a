import { changeSchema, listSchema } from '../../src/output/schemas/pools-schema.ts'
import { hold } from './support/holder.ts'
import { kernelHas } from './support/kernels.ts'
import { liveOn } from './support/live.ts'
import {
  countsOf,
  gigantic,
  memoryNodes,
  poolPath,
  readNumber,
  setOvercommit,
  setPool,
  sizeName,
  smallest,
} from './support/machine.ts'
import { hugepool, hugepoolJson } from './support/program.ts'

const live = liveOn('room')

const name = sizeName(smallest)
const limit = (size: number) => readNumber(poolPath(size, 'nr_overcommit_hugepages'))

live('overcommit sets how many surplus pages there may be', async (t) => {
  setPool(smallest, 1)
  setOvercommit(smallest, 0)
  const { status, document } = await hugepoolJson(changeSchema, 'overcommit', `${name}=3`)
  t.equal(status, 0, 'is done')
  t.hasStrict(document.changes[0], {
    attribute: 'overcommit',
    before: 0n,
    requested: 3n,
    after: 3n,
  })
  t.equal(limit(smallest), 3, 'the kernel has the number')
  t.equal(countsOf(smallest).total, 1, 'no page was allocated')
  await hold(smallest, { pages: 4 })
  t.strictSame(countsOf(smallest), { total: 4, free: 4, reserved: 4, surplus: 3 })
  await t.rejects(hold(smallest, { pages: 1 }), { code: 'ENOMEM' }, 'and no more than that')
})

live('overcommit takes relative counts and memory, and says when nothing changes', async (t) => {
  setOvercommit(smallest, 4)
  t.equal((await hugepool('overcommit', `${name}=+2`)).status, 0)
  t.equal(limit(smallest), 6)
  t.equal((await hugepool('overcommit', `${name}=${(5 * smallest) / 1024}K`)).status, 0)
  t.equal(limit(smallest), 5)
  const same = await hugepool('overcommit', `${name}=5`)
  t.equal(same.status, 0)
  t.match(same.out, /unchanged/)
})

live('overcommit of a node is a usage error', async (t) => {
  setOvercommit(smallest, 4)
  const { status } = await hugepool('overcommit', `${name}=${memoryNodes[0] ?? 0}:3`)
  t.equal(status, 2)
  t.equal(limit(smallest), 4)
})

live('overcommit of 2^63 - 1 is exact, and 2^64 - 1 is listed with all its digits', async (t) => {
  const path = poolPath(smallest, 'nr_overcommit_hugepages')
  const largest = 2n ** 63n - 1n
  const { status, document } = await hugepoolJson(changeSchema, 'overcommit', `${name}=${largest}`)
  t.equal(status, 0)
  t.equal(document.changes[0]?.after, largest)
  const { writeFileSync } = await import('node:fs')
  writeFileSync(path, `${2n ** 64n - 1n}\n`)
  const listed = await hugepoolJson(listSchema, 'list', name)
  t.equal(listed.document.pools[0]?.overcommit, 2n ** 64n - 1n)
  t.match((await hugepool('list', name, '-o', '+overcommit')).out, /18446744073709551615/)
})

live('overcommit of gigantic pages is as this kernel has it', async (t) => {
  if (gigantic === undefined) {
    t.equal((await hugepool('overcommit', '1G=1')).status, 4, 'there are no such pages')
    return
  }
  const before = limit(gigantic)
  const word = `${sizeName(gigantic)}=+1`
  const { status, err } = await hugepool('overcommit', word)
  if (kernelHas('giganticOvercommit')) {
    t.equal(status, 0, 'is done')
    t.equal(limit(gigantic), before + 1)
    return
  }
  t.equal(status, 4, 'is unsupported')
  t.match(err, /allows no overcommit of \S+ pages \(EINVAL\)/, 'says what the kernel answered')
  t.match(err, /hint: .*6\.19/, 'says from when on it is')
  t.equal(limit(gigantic), before, 'nothing changed')
})

live('after a failure of one pool the other one is told, or put back', async (t) => {
  if (gigantic === undefined || kernelHas('giganticOvercommit')) {
    t.equal((await hugepool('overcommit', `${name}=7`, '1T=1')).status, 4)
    return
  }
  setOvercommit(smallest, 4)
  const words = ['overcommit', `${name}=2`, `${sizeName(gigantic)}=1`]
  const all = await hugepool(...words, '--all-or-nothing')
  t.not(all.status, 0, 'all or nothing is nothing')
  t.equal(limit(smallest), 4, 'as before')
  const { status, document } = await hugepoolJson(changeSchema, ...words)
  t.not(status, 0, 'is no success')
  t.equal(document.error?.code, 'E_UNSUPPORTED', 'the document has the error')
  t.equal(limit(smallest), 2, 'what was done stays')
  t.match(
    document.changes.find(({ pageSize }) => pageSize === BigInt(smallest)),
    { after: 2n },
  )
})
