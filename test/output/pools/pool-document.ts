import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as z from 'zod'
import { errorSchema } from '../../../src/output/schemas/parts.ts'
import { listSchema, poolSchema } from '../../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { run, treeNames, treePath } from '../../helpers/run.ts'

const document = async (tree: string, ...words: readonly string[]) => {
  const { stdout } = await run(['list', '--json', ...words], { tree })
  return listSchema.parse(parseExact(stdout))
}

t.test('a document, key by key', async (t) => {
  const { stdout, ...rest } = await run(['list', '-J', '2M'], { tree: 'two-nodes' })
  t.strictSame(rest, { status: 0, stderr: '' })
  t.equal(
    stdout,
    `${[
      '{"version":1,"pools":[{"pageSize":2097152,"default":true,"total":100,"persistent":96,',
      '"free":90,"reserved":8,"available":82,"inUse":10,"surplus":4,"overcommit":16,',
      '"memory":209715200,"nodes":[',
      '{"node":0,"total":64,"persistent":64,"free":60,"inUse":4,"surplus":0,"memory":134217728},',
      '{"node":1,"total":36,"persistent":32,"free":30,"inUse":6,"surplus":4,"memory":75497472}]}]}',
    ].join('')}\n`,
  )
})

const counter = (tree: string, directory: string, name: string) =>
  BigInt(readFileSync(join(treePath(tree), directory, name), 'utf8').trim())

t.test('every tree gives a document of its schema, with the numbers of its files', async (t) => {
  for (const tree of treeNames) {
    const { pools, error } = await document(tree)
    t.equal(error?.code, tree === 'no-hugetlb' ? 'E_UNSUPPORTED' : undefined, tree)
    t.equal(pools.length > 0, tree !== 'no-hugetlb')
    t.equal(pools.filter((pool) => pool.default).length, pools.length > 0 ? 1 : 0)
    for (const pool of pools.map((each) => poolSchema.parse(each))) {
      const name = `hugepages/hugepages-${pool.pageSize / 1024n}kB`
      const directory = `sys/kernel/mm/${name}`
      t.equal(pool.total, counter(tree, directory, 'nr_hugepages'), `${tree} ${directory}`)
      t.equal(pool.free, counter(tree, directory, 'free_hugepages'))
      t.equal(pool.surplus, counter(tree, directory, 'surplus_hugepages'))
      t.equal(pool.reserved, counter(tree, directory, 'resv_hugepages'))
      t.equal(pool.overcommit, counter(tree, directory, 'nr_overcommit_hugepages'))
      t.equal(pool.persistent, pool.total - pool.surplus)
      t.equal(pool.inUse, pool.total - pool.free)
      t.equal(pool.memory, pool.total * pool.pageSize)
      for (const { node, total } of pool.nodes ?? [])
        if (total !== undefined)
          t.equal(
            total,
            counter(tree, `sys/devices/system/node/node${node}/${name}`, 'nr_hugepages'),
          )
    }
  }
})

t.test('the nodes are those of the machine, and add up', async (t) => {
  const ids: Readonly<Record<string, readonly number[]>> = {
    gaps: [0, 1, 2, 3, 8, 9, 10, 11],
    ppc64: [0, 8],
    'one-node': [0],
  }
  for (const [tree, expected] of Object.entries(ids)) {
    const { pools } = await document(tree)
    for (const { nodes = [], total } of pools) {
      t.strictSame(
        nodes.map(({ node }) => node),
        expected,
        tree,
      )
      t.equal(
        nodes.reduce((sum, node) => sum + (node.total ?? 0n), 0n),
        total,
        tree,
      )
    }
  }
})

t.test('what the kernel does not have is absent, not null and not 0', async (t) => {
  const [small, large] = (await document('gaps')).pools
  t.notOk(small && 'demoteSize' in small)
  t.equal(large?.demoteSize, 2097152n)
  t.strictSame(small?.nodes?.at(-1), { node: 11 })
  t.notOk(small?.nodes?.some((node) => 'reserved' in node || 'overcommit' in node))
  t.notOk((await document('no-numa')).pools.some((pool) => 'nodes' in pool))
  for (const tree of treeNames)
    t.notMatch((await run(['list', '--json'], { tree })).stdout, 'null', tree)
})

t.test('no HugeTLB: there is a document still', async (t) => {
  const { status, stdout } = await run(['list', '--json'], { tree: 'no-hugetlb' })
  t.equal(status, 4)
  const { error, ...rest } = listSchema.parse(parseExact(stdout))
  t.strictSame(rest, { version: 1, pools: [] })
  t.equal(error?.code, 'E_UNSUPPORTED')
  t.match(error, { message: /HugeTLB/, hint: /CONFIG_HUGETLB_PAGE/ })
  const filtered = await run(['list', '--json', '2M'], { tree: 'no-hugetlb' })
  t.hasStrict(errorSchema.parse(parseExact(filtered.stdout)), { error: { code: 'E_UNSUPPORTED' } })
})

t.test('an unknown size is exit 4 and names those that exist', async (t) => {
  const { stdout, ...rest } = await run(['list', '--json', '2M', '64K'], { tree: 'one-node' })
  t.strictSame(rest, {
    status: 4,
    stderr: 'hugepool: there are no 64K pages here\nhint: this machine has 2M, 1G\n',
  })
  t.hasStrict(errorSchema.parse(parseExact(stdout)), {
    error: { message: 'there are no 64K pages here', hint: 'this machine has 2M, 1G' },
  })
})

t.test('the schema would notice a key too many and a number that lost digits', async (t) => {
  const good = { version: 1, pools: [] }
  listSchema.parse(good)
  t.throws(() => listSchema.parse({ ...good, more: 1 }), z.ZodError)
  const text = '{"version":1,"pools":[{"pageSize":18446744073709551615}]}'
  t.match(parseExact(text), { pools: [{ pageSize: 18446744073709551615n }] })
  t.throws(() => listSchema.parse(JSON.parse(text)), z.ZodError)
})
