import t from 'tap'
import {
  isOneMemoryNode,
  readAllowedNodes,
  readMemory,
  readNodeIds,
  readNodeList,
  readNodes,
} from '../../../src/kernel/pools/nodes.ts'
import { readMachine } from '../../../src/kernel/pools/read-machine.ts'
import type { Tree } from '../../../src/kernel/tree.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { treeOf } from '../../helpers/run.ts'

const nodesDirectory = '/sys/devices/system/node'

/** A tree in which one file has another text. */
const having = (path: string, text: string, tree: Tree = treeOf('two-nodes')): Tree => ({
  ...tree,
  read: (asked) => (asked === path ? octets(text) : tree.read(asked)),
})

t.test('ids in order, gaps and all', async (t) => {
  t.strictSame(readNodeIds(treeOf('gaps')), [0, 1, 2, 3, 8, 9, 10, 11])
  t.strictSame(readNodeIds(treeOf('ppc64')), [0, 8])
  t.strictSame(readNodeIds(treeOf('no-numa')), [])
})

t.test('only the names that the kernel gives are nodes', async (t) => {
  const names = ['node1', 'node01', 'node1024', 'node1023', 'node', 'node-1', 'node1\n', 'nodes']
  const list = (path: string) => (path === nodesDirectory ? names : [])
  t.strictSame(readNodeIds({ ...treeOf('no-numa'), list }), [1, 1023])
})

t.test('nodes without memory are known as such', async (t) => {
  const nodes = readNodes(treeOf('gaps'))
  t.strictSame(
    nodes.filter(({ hasMemory }) => !hasMemory).map(({ id }) => id),
    [3, 11],
  )
  t.strictSame(
    nodes.map(({ memory }) => (memory?.total ?? 0n) > 0n),
    nodes.map(({ hasMemory }) => hasMemory),
  )
})

t.test('without has_memory the total of the node decides', async (t) => {
  const tree = treeOf('gaps')
  const read = (path: string) => {
    if (!path.endsWith('/has_memory')) return tree.read(path)
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
  }
  t.strictSame(readNodes({ ...tree, read }), readNodes(tree))
})

t.test('whether more than one node can give pages', async (t) => {
  const list = (text: string) => isOneMemoryNode(having(`${nodesDirectory}/has_memory`, text))
  t.strictSame(['\n', '1\n', '0-1\n', '0,8\n'].map(list), [true, true, false, false])
  t.equal(isOneMemoryNode(treeOf('no-numa')), false, 'it cannot be told')
})

t.test('a node can give what is free or can be reclaimed', async (t) => {
  const [, second] = readNodes(treeOf('two-nodes'))
  const kilobytes = 1638080n + 64512n + 129024n + 25792n
  t.strictSame(second?.memory, { total: 3096576n * 1024n, available: kilobytes * 1024n })
})

t.test('the machine says what is available', async (t) => {
  t.strictSame(readMemory(treeOf('two-nodes')), {
    total: 6193152n * 1024n,
    available: 4609280n * 1024n,
  })
  t.equal(readMemory(having('/proc/meminfo', 'MemTotal: 5 kB\n')), undefined)
})

t.test('the nodes of the cpuset', async (t) => {
  t.strictSame(readAllowedNodes(treeOf('two-nodes')), [0, 1])
  const status = (list: string) =>
    having('/proc/self/status', `Name:\tnode\nMems_allowed_list:\t${list}\n`)
  t.strictSame(readAllowedNodes(status('0-1,8')), [0, 1, 8])
  t.strictSame(readAllowedNodes(status('')), [], 'none at all')
  t.equal(readAllowedNodes(having('/proc/self/status', 'Name:\tnode\n')), undefined)
})

t.test('lists of nodes, and garbage in their place', async (t) => {
  const path = `${nodesDirectory}/has_memory`
  t.strictSame(readNodeList(treeOf('gaps'), path), [0, 1, 2, 8, 9, 10])
  t.strictSame(readNodeList(having(path, '\n'), path), [])
  t.equal(readNodeList(treeOf('no-numa'), path), undefined)
  t.throws(() => readNodeList(having(path, '0-\n'), path), {
    code: 'E_KERNEL',
    message: `${path}: expected a list of nodes`,
  })
})

t.test('a machine is seen in one go', async (t) => {
  const machine = readMachine(treeOf('no-numa'))
  t.strictSame(machine.nodes, [])
  t.match(machine, { memory: { total: /^\d+$/ }, pools: [{ size: 2097152n }, {}] })
  t.strictSame(
    machine.pools.map(({ nodes }) => nodes),
    [[], []],
  )
  const { pools, allowedNodes } = readMachine(treeOf('two-nodes'))
  t.strictSame(
    pools.map(({ nodes }) => nodes.map(({ node }) => node)),
    [
      [0, 1],
      [0, 1],
    ],
  )
  t.strictSame(allowedNodes, [0, 1])
})
