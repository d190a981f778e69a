import t from 'tap'
import { mountsSchema } from '../../../src/output/schemas/mounts-schema.ts'
import { listSchema } from '../../../src/output/schemas/pools-schema.ts'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../../helpers/json.ts'
import { global2M } from '../../helpers/on-fake.ts'
import { run, treeNames } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

// Colour is left out: what has to be read is read without it.
const environment = { NO_COLOR: '1', LANG: 'C' }

const machine = () => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: 4096n * M },
      { id: 1, memory: 4096n * M },
    ],
    pools: [{ size: 2n * M, persistent: { 0: 64n, 1: 36n }, overcommit: 20n }],
  })
  kernel.map(2n * M, 60n).touch(40n)
  return kernel
}

const shown = async (line: string, columns?: number, locale = 'C') => {
  const at = columns === undefined ? {} : { columns }
  const { status, stdout, stderr } = await run(line.split(' '), {
    ...{ tree: machine(), environment: { ...environment, LANG: locale } },
    ...at,
  })
  t.strictSame({ status, stderr }, { status: 0, stderr: '' }, line)
  return stdout
}

t.test('a terminal of 100 columns has bars, as wide as there is room', async (t) => {
  t.equal(
    await shown('list 2M', 100),
    `\
SIZE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  MEMORY  USE
2M      100    60        20         40      40        0    200M  [#############=======.............]
`,
  )
  t.equal(
    await shown('list 2M', 100, 'C.UTF-8'),
    `\
SIZE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  MEMORY  USE
2M      100    60        20         40      40        0    200M  [█████████████▒▒▒▒▒▒▒░░░░░░░░░░░░░]
`,
  )
})

t.test('the lines of nodes show how the pool is spread', async (t) => {
  t.equal(
    await shown('list 2M -N -o SIZE,NODE,USE'),
    `\
SIZE  NODE  USE
2M     all  [########====........]
2M       0  [########-----]
2M       1  [-------]
`,
  )
})

t.test('a narrower terminal, and what is no terminal, has none unless asked', async (t) => {
  const plain = `\
SIZE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  MEMORY
2M      100    60        20         40      40        0    200M
`
  t.equal(await shown('list 2M', 99), plain)
  t.equal(await shown('list 2M', 80), plain)
  t.equal(await shown('list 2M'), plain)
  const [headings, pool] = plain.split('\n')
  const asked = (cells: string) => `${headings}  USE\n${pool}  [${cells}]\n`
  t.equal(await shown('list 2M -o +use', 80), asked('#####===.....'))
  t.equal(await shown('list 2M -o +USE'), asked('########====........'))
})

t.test('scripts get the same on every terminal', async (t) => {
  for (const line of ['list -r', 'list -P', 'list --json', 'list -N -r'])
    for (const columns of [100, 300]) t.equal(await shown(line, columns), await shown(line), line)
  t.equal(await shown('list 2M -ro SIZE,USE', 300), 'SIZE USE\n2M [########====........]\n')
  t.equal(await shown('list -Po +USE,SIZE', 300), await shown('list -Po +USE'))
})

t.test('no document has a bar', async (t) => {
  const { pools } = listSchema.parse(parseExact(await shown('list --json', 200)))
  t.notOk(pools.some((pool) => 'use' in pool))
  const { stdout } = await run(['mounts', '--json'], { tree: 'two-nodes', columns: 200 })
  const { mounts } = mountsSchema.parse(parseExact(stdout))
  t.notOk(mounts.some((mount) => 'use' in mount))
})

t.test('colour is put around the cells of each part', async (t) => {
  const coloured = async (tree: FakeKernel) =>
    (await run(['list', '2M', '-no', 'USE', '--color', 'always'], { tree })).stdout
  const colour = (code: number, text: string) => `\u001b[${code}m${text}\u001b[39m`
  t.equal(await coloured(machine()), `[${colour(94, '########')}${colour(32, '====')}........]\n`)
  const over = machine()
  over.map(2n * M, 50n).touch(50n)
  t.equal(
    await coloured(over),
    `[${colour(94, '################')}${colour(32, '==')}${colour(35, '++')}]\n`,
  )
})

t.test('a column of bars that are all absent is not shown unless asked for', async (t) => {
  const shownOf = async (line: string) =>
    (await run(line.split(' '), { tree: 'two-nodes', columns: 120, environment })).stdout
  t.notMatch(await shownOf('mounts'), 'USE ', 'nobody can look into the mounts of a recording')
  t.match(await shownOf('mounts -o +USE'), /FREE {2}USE\n/)
  t.match(await shownOf('mounts --output-all'), /HIDDEN {2}USE\n/)
  const broken = machine()
  broken.failRead(`${global2M}/free_hugepages`, 'EIO', 'always')
  const { stdout } = await run(['list', '2M'], { tree: broken, columns: 120, environment })
  t.match(stdout, /^SIZE .* MEMORY\n2M /)
})

/** A pool of 100,000 pages, of which one is in use; as a surplus page on another node, or not. */
const hugeMachine = (isSurplus: boolean) => {
  const kernel = fakeKernel({
    nodes: [
      { id: 0, memory: 400_000n * M },
      { id: 1, memory: 4n * M },
    ],
    pools: [{ size: 2n * M, persistent: { 0: isSurplus ? 99_999n : 100_000n }, overcommit: 1n }],
  })
  kernel.map(2n * M, 1n, { noreserve: true, ...(isSurplus ? { bind: [1] } : {}) }).touch(1n)
  return kernel
}

t.test('one page in use of 100,000 is seen at every width, also a surplus page', async (t) => {
  for (const isSurplus of [false, true]) {
    const kernel = hugeMachine(isSurplus)
    const numbers = await run(['list', '2M', '-rno', 'TOTAL,IN-USE,SURPLUS'], { tree: kernel })
    t.equal(numbers.stdout, `100000 1 ${isSurplus ? 1 : 0}\n`)
    for (let columns = 20; columns <= 300; columns += 1) {
      const { stdout } = await run(['list', '2M', '-no', 'SIZE,USE'], {
        tree: kernel,
        columns,
        environment,
      })
      const cells = Math.min(columns - 6, 80)
      const rest = isSurplus ? `${'.'.repeat(cells - 2)}+` : '.'.repeat(cells - 1)
      t.equal(stdout, `2M  [#${rest}]\n`)
    }
  }
})

t.test('a pool of surplus pages that are all in use has a cell in use', async (t) => {
  const kernel = fakeKernel({
    nodes: [{ id: 0, memory: 400n * M }],
    pools: [{ size: 2n * M, persistent: {}, overcommit: 20n }],
  })
  kernel.map(2n * M, 20n).touch(20n)
  const { stdout } = await run(['list', '2M', '-N', '-rno', 'IN-USE,SURPLUS,USE'], { tree: kernel })
  const line = '20 20 [#+++++++++++++++++++]\n'
  t.equal(stdout, `${line}${line}`)
})

t.test('every recorded machine fits in a terminal of 100 columns and more', async (t) => {
  for (const tree of treeNames)
    for (const line of ['list', 'list -N', 'mounts'])
      for (const columns of [100, 120, 200, 300]) {
        const { stdout } = await run(line.split(' '), { tree, columns, environment })
        const wide = stdout.split('\n').filter((text) => text.length > columns)
        t.strictSame(wide, [], `${tree}: ${line} at ${columns}`)
      }
})

t.test('numbers stay where they are', async (t) => {
  const withBars = (await shown('list -N', 200)).split('\n')
  const without = (await shown('list -N')).split('\n')
  for (const [index, line] of without.entries()) t.ok(withBars[index]?.startsWith(line), line)
})
