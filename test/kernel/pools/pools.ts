import t from 'tap'
import { readPageSizes, readPools } from '../../../src/kernel/pools/pools.ts'
import type { Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { available, type Pool } from '../../../src/model/pools/machine.ts'
import { treeNames, treeOf } from '../../helpers/run.ts'

const directory = '/sys/kernel/mm/hugepages/hugepages-2048kB'

/** A machine some of whose attributes have another text, or throw an errno. */
const having = (files: Readonly<Record<string, string | Error>>, name = 'one-node'): Tree => {
  const tree = treeOf(name)
  const read = (path: string) => {
    const text = files[path]
    if (text instanceof Error) throw text
    return text === undefined ? tree.read(path) : octets(text)
  }
  return { ...tree, read }
}

const errno = (code: string) => Object.assign(new Error(code), { code })
const small = (tree: Tree, perNode = false): Pool => {
  const { pools, unreadable = [] } = readPools(tree, perNode)
  const [pool] = pools
  for (const { error } of unreadable) throw error
  if (pool === undefined) throw new Error('there is no pool')
  return pool
}

t.test('the page sizes of every machine, smallest first', async (t) => {
  const sizes = Object.fromEntries(
    treeNames.map((name) => [
      name,
      readPageSizes(treeOf(name)).map((size) => Number(size / 1024n)),
    ]),
  )
  t.strictSame(sizes, {
    'arm64-4k': [64, 2048, 32768, 1048576],
    'arm64-64k': [2048, 524288, 16777216],
    'before-demote': [2048, 1048576],
    container: [2048, 1048576],
    gaps: [2048, 1048576],
    'no-1g': [2048],
    'no-hugetlb': [],
    'no-numa': [2048, 1048576],
    'one-node': [2048, 1048576],
    ppc64: [16384, 16777216],
    'two-nodes': [2048, 1048576],
  })
})

t.test('names that are no pool are passed over', async (t) => {
  const tree = {
    ...treeOf('one-node'),
    list: () => ['hugepages-2048kB', 'hugepages-0kB', 'hugepages-x', 'x', 'hugepages-01kB'],
  }
  t.strictSame(readPageSizes(tree), [2097152n])
})

t.test('a pool with all that the kernel says of it', async (t) => {
  t.strictSame(readPools(treeOf('two-nodes'), true).pools, [
    {
      size: 2097152n,
      total: 100n,
      free: 90n,
      surplus: 4n,
      reserved: 8n,
      overcommit: 16n,
      nodes: [
        { node: 0, total: 64n, free: 60n, surplus: 0n },
        { node: 1, total: 36n, free: 30n, surplus: 4n },
      ],
      isDefault: true,
      settled: true,
    },
    {
      size: 1073741824n,
      total: 1n,
      free: 1n,
      surplus: 0n,
      reserved: 0n,
      overcommit: 0n,
      nodes: [
        { node: 0, total: 0n, free: 0n, surplus: 0n },
        { node: 1, total: 1n, free: 1n, surplus: 0n },
      ],
      isDefault: false,
      demoteSize: 2097152n,
      settled: true,
    },
  ])
})

t.test('a node without a directory for its pools is left out', async (t) => {
  const { nodes } = small(treeOf('gaps'), true)
  t.strictSame(
    nodes.map(({ node }) => node),
    [0, 1, 2, 3, 8, 9, 10],
  )
  t.strictSame(small(treeOf('gaps')).nodes, [], 'not asked for')
})

t.test('2^64 - 1 keeps all its digits', async (t) => {
  const tree = having({ [`${directory}/nr_overcommit_hugepages`]: '18446744073709551615\n' })
  t.equal(small(tree).overcommit, 18446744073709551615n)
})

t.test('a count of reserved pages that wrapped is below zero', async (t) => {
  const pool = (text: string) => small(having({ [`${directory}/resv_hugepages`]: text }))
  t.equal(pool('18446744073709551615\n').reserved, -1n)
  t.equal(available(pool('18446744073709551615\n')), 97n)
  t.equal(pool('9223372036854775808\n').reserved, -(2n ** 63n))
  t.equal(pool('9223372036854775807\n').reserved, 2n ** 63n - 1n)
  t.equal(available(pool('98\n')), 0n, 'more reserved than free')
})

t.test('an attribute that this kernel lacks is absent', async (t) => {
  const missing = errno('ENOENT')
  const pool = small(
    having({
      [`${directory}/resv_hugepages`]: missing,
      [`${directory}/nr_overcommit_hugepages`]: missing,
    }),
  )
  t.notOk('reserved' in pool)
  t.notOk('overcommit' in pool)
  t.equal(available(pool), undefined)
})

t.test(
  'without the default size in meminfo it is not known which pool is the default',
  async (t) => {
    const { pools } = readPools(having({ '/proc/meminfo': 'MemTotal: 5 kB\n' }), false)
    t.strictSame(
      pools.map(({ isDefault }) => isDefault),
      [undefined, undefined],
    )
  },
)

t.test('counters that contradict each other are bounded and marked', async (t) => {
  const directory = '/sys/kernel/mm/hugepages/hugepages-2048kB'
  const { pools } = readPools(
    having({
      [`${directory}/free_hugepages`]: '500\n',
      [`${directory}/surplus_hugepages`]: '900\n',
    }),
    false,
  )
  t.match(pools[0], { total: 100n, free: 100n, surplus: 100n, settled: false })
})

t.test('counters that change are read again, node by node', async (t) => {
  let reads = 0
  const tree = treeOf('two-nodes')
  const read = (path: string) => {
    if (!path.endsWith('node1/hugepages/hugepages-2048kB/free_hugepages')) return tree.read(path)
    reads += 1
    return octets(reads < 4 ? `${reads}\n` : '30\n')
  }
  const pool = small({ ...tree, read }, true)
  t.match(pool, { settled: true, nodes: [{}, { free: 30n }] })
  t.equal(reads, 5)
})

t.test('nodes that have together what the machine has are read once', async (t) => {
  const machine = '/sys/kernel/mm/hugepages/hugepages-2048kB'
  const onNode1 = '/sys/devices/system/node/node1/hugepages/hugepages-2048kB'
  const timesRead = (path: string, texts: readonly string[] = []) => {
    const tree = treeOf('two-nodes')
    let reads = 0
    const read = (each: string) => {
      if (each !== path) return tree.read(each)
      reads += 1
      return octets(texts[reads - 1] ?? tree.read(each))
    }
    return { pool: small({ ...tree, read }, true), reads: () => reads }
  }
  const quiet = timesRead(`${onNode1}/free_hugepages`)
  t.match(quiet.pool, { settled: true })
  t.equal(quiet.reads(), 1)
  for (const name of ['nr_hugepages', 'free_hugepages', 'surplus_hugepages']) {
    const other = timesRead(`${onNode1}/${name}`, ['9\n'])
    t.match(other.pool, quiet.pool, `${name} of a node did not add up`)
    t.equal(other.reads(), 3)
  }
  const text = treeOf('two-nodes').read(`${machine}/free_hugepages`)
  const moved = timesRead(`${machine}/free_hugepages`, [text, '1\n'])
  t.match(moved.pool, quiet.pool, 'the machine had others afterwards')
  t.equal(moved.reads(), 3)
  t.equal(timesRead(`${onNode1}/free_hugepages`, ['x\n', '30\n', '30\n']).reads(), 3, 'garbage')
})

t.test('where they never agree a reading without nonsense is shown', async (t) => {
  let reads = 0
  const tree = treeOf('one-node')
  const read = (path: string) => {
    if (path !== `${directory}/free_hugepages`) return tree.read(path)
    reads += 1
    return octets(`${reads * 10}\n`)
  }
  t.match(small({ ...tree, read }), { total: 100n, free: 100n, settled: false })
  t.equal(reads, 16)
})

t.test('faults of an attribute that has to be there', async (t) => {
  const path = `${directory}/nr_hugepages`
  const fault = (text: string | Error) => () => small(having({ [path]: text }))
  t.throws(fault('garbage\n'), {
    code: 'E_KERNEL',
    message: `${path}: expected a number, found "garbage\\n"`,
  })
  t.throws(fault(errno('EIO')), { code: 'E_KERNEL', message: `${path}: input/output error (EIO)` })
  t.throws(fault(errno('ENOENT')), {
    code: 'E_UNSUPPORTED',
    message: `${path}: no such attribute in this kernel`,
  })
  t.throws(() => readPools(treeOf('no-hugetlb'), false), {
    code: 'E_UNSUPPORTED',
    hint: /CONFIG_HUGETLBFS/,
  })
})
