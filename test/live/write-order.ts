import { kernelHas } from './support/kernels.ts'
import { liveOn } from './support/live.ts'
import { countsOf, setOvercommit, smallest, writeNumber } from './support/machine.ts'
import { hugepool } from './support/program.ts'
import { countsNow, first, idleBesideReserved, name, second, useNode } from './support/two-nodes.ts'

const live = liveOn('room', 'two nodes with memory')

/** Eight pages in use on the first node, some of them surplus, and free ones on the second. */
const beside = async (surplus: number, free: number): Promise<void> => {
  setOvercommit(smallest, 0)
  await useNode({ spread: [8, free], persistent: 8 - surplus })
}

for (const words of [
  [`${first}:2,${second}:2`],
  [`${second}:2,${first}:2`],
  ['2', '--node', 'all'],
])
  live(
    `free pages of one node go before those in use are surplus: ${words.join(' ')}`,
    async (t) => {
      await beside(0, 4)
      const [count = '', ...options] = words
      const { status, err } = await hugepool('resize', `${name}=${count}`, ...options)
      t.equal(status, 64)
      t.match(err, `${name} on node ${first}: 6 pages are still in use and became surplus`)
      t.notMatch(err, `${name} on node ${second}:`)
      t.strictSame(countsNow(), ['8t 0f 6s', '2t 2f 0s'])
    },
  )

for (const options of [[], ['--all-or-nothing']])
  live(`a node is set beside surplus in use of another${options.join()}`, async (t) => {
    await beside(4, 4)
    const { status, err } = await hugepool('resize', `${name}=${second}:2`, ...options)
    t.equal(status, 0, err)
    t.strictSame(countsNow(), ['8t 0f 4s', '2t 2f 0s'])
  })

live('nodes are set beside surplus in use, more of which comes', async (t) => {
  await beside(4, 4)
  const { status } = await hugepool('resize', `${name}=${second}:1,${first}:2`)
  t.equal(status, 64)
  t.strictSame(countsNow(), ['8t 0f 6s', '1t 1f 0s'])
})

live('a whole pool keeps no free page as surplus', async (t) => {
  await beside(4, 6)
  const { status, err } = await hugepool('resize', `${name}=5`)
  t.equal(status, 64)
  t.notMatch(err, /free page/)
  const later = kernelHas('shrinkBesideSurplus')
  t.strictSame(countsNow(), later ? ['8t 0f 4s', '1t 1f 0s'] : ['8t 0f 3s', '0t 0f 0s'])
})

for (const count of ['8', `${second}:0`, `${first}:8,${second}:0`])
  live(`surplus beyond what is reserved leaves: ${count}`, async (t) => {
    setOvercommit(smallest, 0)
    await idleBesideReserved()
    t.strictSame(countsNow(), ['8t 8f 0s', '4t 4f 4s'])
    const { status, err } = await hugepool('resize', `${name}=${count}`)
    t.equal(status, 0, err)
    t.match(err, /4 free pages are surplus: /)
    t.strictSame(countsOf(smallest), { total: 8, free: 8, reserved: 8, surplus: 0 })
  })

live('by hand the lines of a dry run do the same', async (t) => {
  await beside(4, 4)
  const { out } = await hugepool('resize', `${name}=${second}:2`, '--dry-run')
  for (const [, value, path = ''] of out.matchAll(/^echo (\d+) > (.*)$/gm))
    writeNumber(path, Number(value))
  t.strictSame(countsNow(), ['8t 0f 4s', '2t 2f 0s'])
})
