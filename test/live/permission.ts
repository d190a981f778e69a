import { errorSchema } from '../../src/output/schemas/parts.ts'
import { listSchema } from '../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn, snapshot } from './support/live.ts'
import { gigantic, poolPath, setPool, sizeName, sizes, smallest } from './support/machine.ts'
import { asNobody, readableCopy } from './support/nobody.ts'
import { inOwnMounts } from './support/program.ts'

const live = liveOn('room', 'processes: users')

const name = sizeName(smallest)

live('list needs no privilege', async (t) => {
  const { status, out, err } = await asNobody(readableCopy(), 'list', '--json')
  t.strictSame({ status, err }, { status: 0, err: '' })
  const { pools } = listSchema.parse(parseExact(out))
  t.strictSame(
    pools.map(({ pageSize }) => pageSize),
    sizes.map(BigInt),
  )
})

live('without privilege nothing changes and the hint says what to do', async (t) => {
  setPool(smallest, 3)
  const directory = readableCopy()
  const before = snapshot()
  const lines = [
    ['resize', `${name}=5`],
    ['resize', `${name}=1`],
    ['overcommit', `${name}=+5`],
    ['resize', `${name}=5`, '--mempolicy', 'bind:0'],
  ]
  for (const words of lines) {
    const { status, err } = await asNobody(directory, ...words)
    t.equal(status, 3, words.join(' '))
    t.match(err, /^hugepool: \/sys\/\S+: permission denied\nhint: run it as root\n$/)
  }
  const dry = await asNobody(directory, 'resize', `${name}=5`, '--dry-run')
  t.equal(dry.status, 0, 'a dry run can')
  t.match(
    dry.err,
    /the real run would be refused: \/sys\/\S+: permission denied\nhint: run it as root\n$/,
  )
  t.equal((await asNobody(directory, 'resize', `${name}=3`)).status, 0, 'and so can no change')
  t.strictSame(snapshot(), before, 'nothing was done')
})

live('the document of an error has its code and hint', async (t) => {
  setPool(smallest, 3)
  const { out } = await asNobody(readableCopy(), 'resize', `${name}=5`, '--json')
  const { error } = errorSchema.parse(parseExact(out))
  t.hasStrict(error, { code: 'E_PERMISSION', hint: 'run it as root' })
  t.match(error.message, poolPath(smallest, 'nr_hugepages'))
})

live('a read-only /sys is told as what it is, a container', async (t) => {
  setPool(smallest, 3)
  const before = snapshot()
  const readOnly = 'mount --bind /sys /sys\nmount -o remount,bind,ro /sys'
  const lines = [
    ['resize', `${name}=5`],
    ['overcommit', `${name}=+5`],
    ...(gigantic === undefined ? [] : [['resize', `${name}=5`, `${sizeName(gigantic)}=+1`]]),
  ]
  for (const words of lines) {
    const { status, err } = await inOwnMounts(readOnly, ...words)
    t.equal(status, 3, words.join(' '))
    t.match(err, /read-only file system\nhint: .*container/)
  }
  t.equal((await inOwnMounts(readOnly, 'list', '--per-node')).status, 0, 'list works there')
  t.strictSame(snapshot(), before, 'nothing was done')
})
