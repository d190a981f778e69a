import t from 'tap'
import { octets } from '../../../src/model/etc/octets.ts'
import { type PoolSetting, stepFor } from '../../../src/model/pools/pool-plan.ts'
import {
  convertSurplus,
  correctNode,
  setPages,
  writeStep,
} from '../../../src/operations/pools/write-step.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { global2M, node2M } from '../../helpers/on-fake.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M
const onNode: PoolSetting = { size, attribute: 'persistent', node: 0 }

/** A machine that keeps what is written to it, with so many pages and surplus pages. */
const machine = (node: readonly [number, number], whole: readonly [number, number]) => {
  const files = new Map<string, string>()
  for (const [directory, [total, surplus]] of [
    [node2M(0), node],
    [global2M, whole],
  ] as const) {
    files.set(`${directory}/nr_hugepages`, `${total}\n`)
    files.set(`${directory}/free_hugepages`, '0\n')
    files.set(`${directory}/surplus_hugepages`, `${surplus}\n`)
  }
  const writes: string[] = []
  const tree = {
    list: () => ['hugepages-2048kB'],
    read: (path: string) => octets(files.get(path) ?? '0\n'),
    write: (path: string, value: string) => void writes.push(`${path} ${value}`),
  }
  return { ports: { tree } as unknown as Ports, writes, files }
}

const refusing = (code: string) => () => {
  throw Object.assign(new Error(code), { code })
}

/** What is written again after a node that was to have five pages has others. */
const corrected = (
  node: readonly [number, number],
  whole: readonly [number, number],
  setting = onNode,
  value = 5n,
) => {
  const { ports, writes } = machine(node, whole)
  correctNode(ports, stepFor(setting, 0n, value))
  return writes
}

const path = `${node2M(0)}/nr_hugepages`

t.test('a node that got the surplus of others as well is set again, less that', async (t) => {
  t.strictSame(corrected([8, 0], [20, 3]), [`${path} 2`])
  t.strictSame(corrected([9, 1], [20, 4]), [`${path} 2`], 'its own surplus is not of others')
  t.strictSame(corrected([12, 0], [20, 7]), [`${path} 0`], 'never below none')
  t.strictSame(corrected([12, 0], [20, 5]), [`${path} 0`])
  t.strictSame(corrected([6, 0], [20, 1]), [`${path} 4`], 'one page')
})

t.test('one that has what was asked for, or less, is left alone', async (t) => {
  t.strictSame(corrected([5, 0], [20, 3]), [])
  t.strictSame(corrected([4, 0], [20, 3]), [])
  t.strictSame(corrected([7, 2], [20, 5]), [], 'beside its own surplus')
  t.strictSame(corrected([8, 0], [20, 0]), [], 'no surplus explains what is too much')
  t.strictSame(corrected([8, 3], [20, 3], onNode, 2n), [], 'nor does its own')
})

t.test('whole pools are left alone', async (t) => {
  t.strictSame(corrected([8, 0], [20, 3], { size, attribute: 'persistent' }), [])
  t.strictSame(corrected([8, 0], [20, 3], { size, attribute: 'overcommit' }), [])
})

t.test('a write under a policy puts back the one that was there', async (t) => {
  const { ports, writes } = machine([0, 0], [0, 0])
  const done: string[] = []
  const native = nativeWith({
    getMempolicy: () => ({ mode: 1, nodes: [0] }),
    setMempolicy: (mode, nodes) => void done.push(`policy ${mode}:${nodes}`),
  })
  const under = { ...ports, native: () => native }
  const policy = { mode: 'bind', nodes: [1] } as const
  const step = stepFor({ size, attribute: 'persistent' }, 0n, 5n, policy)
  writeStep(under, step, 5n)
  t.strictSame(done, ['policy 2:1', 'policy 1:0'])
  t.strictSame(writes, [`${global2M}/nr_hugepages_mempolicy 5`])
  const failing = { ...ports.tree, write: refusing('EIO') }
  t.throws(() => writeStep({ ...under, tree: failing }, step, 5n), { code: 'E_KERNEL' })
  t.equal(done.at(-1), 'policy 1:0', 'also where the write fails')
})

t.test('a policy that the cpuset does not allow is told', async (t) => {
  const { ports, writes } = machine([0, 0], [0, 0])
  const native = nativeWith({
    getMempolicy: () => ({ mode: 0, nodes: [] }),
    setMempolicy: refusing('EINVAL'),
  })
  const policy = { mode: 'bind', nodes: [0, 1] } as const
  const step = stepFor({ size, attribute: 'persistent' }, 0n, 5n, policy)
  t.throws(() => writeStep({ ...ports, native: () => native }, step, 5n), {
    message: /^memory policy bind:0-1: .*cpuset/,
  })
  t.strictSame(writes, [])
})

t.test('EINVAL means that the kernel cannot do it', async (t) => {
  const { ports } = machine([0, 0], [0, 0])
  const tree = { ...ports.tree, write: refusing('EINVAL') }
  const code = 'E_UNSUPPORTED'
  const whole = `${global2M}/nr_hugepages`
  t.throws(
    () => writeStep({ ...ports, tree }, stepFor({ size, attribute: 'persistent' }, 0n, 5n), 5n),
    {
      code,
      message: `${whole}: the kernel cannot change the number of 2M pages while it runs (EINVAL)`,
      hint: 'set it on the kernel command line: hugepagesz=2M hugepages=N',
    },
  )
  t.throws(
    () => writeStep({ ...ports, tree }, stepFor({ size, attribute: 'overcommit' }, 0n, 5n), 5n),
    { code, message: /: the kernel allows no overcommit of 2M pages \(EINVAL\)$/ },
  )
})

t.test('a number is written as it is', async (t) => {
  const { ports, writes } = machine([0, 0], [0, 0])
  writeStep(ports, stepFor(onNode, 0n, 5n), 7n)
  t.strictSame(writes, [`${path} 7`])
})

/** What is written to a node that makes surplus of pages in use, on a kernel that takes the value. */
const madeSurplus = (value: bigint, whole: readonly [number, number], heeds: boolean) => {
  const { ports, writes, files } = machine([6, 0], whole)
  const tree = {
    ...ports.tree,
    write: (_path: string, text: string) => {
      writes.push(text)
      const [total, surplus] = whole
      const left = heeds ? Number(text) : Number(text) + surplus
      files.set(`${node2M(0)}/surplus_hugepages`, `${6 - left}\n`)
      files.set(`${global2M}/surplus_hugepages`, `${surplus + 6 - left}\n`)
      files.set(`${global2M}/nr_hugepages`, `${total}\n`)
    },
  }
  setPages({ ...ports, tree }, { ...stepFor(onNode, 6n, value), makesSurplus: true })
  return writes
}

t.test('a node never grows on its way to fewer persistent pages', async (t) => {
  t.strictSame(madeSurplus(5n, [20, 0], true), ['5'])
  t.strictSame(madeSurplus(5n, [20, 4], false), ['1'], 'before 6.7 five would be nine')
  t.strictSame(madeSurplus(5n, [20, 4], true), ['1', '5'], 'later it is five again')
  t.strictSame(madeSurplus(1n, [20, 4], false), ['1', '0'], 'what stays below is written first')
})

t.test('surplus that has left is not asked for again', async (t) => {
  const { ports, writes } = machine([4, 4], [9, 4])
  const step = stepFor({ size, attribute: 'persistent' }, 5n, 12n)
  convertSurplus(ports, step)
  convertSurplus(ports, { ...step, value: 8n })
  t.strictSame(writes, [`${global2M}/nr_hugepages 9`, `${global2M}/nr_hugepages 8`])
})
