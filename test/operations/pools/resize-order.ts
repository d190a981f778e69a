import assert from 'node:assert/strict'
import t from 'tap'
import { type FakeKernel, fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import {
  cellsOf,
  global2M,
  node2M,
  number,
  onFake,
  signalDuringWrite,
  writesOf,
} from '../../helpers/on-fake.ts'
import * as fc from '../../helpers/property.ts'
import { G, M } from '../../helpers/sizes.ts'

const size = 2n * M
const releases = ['6.1', '6.12', '6.16', '7.3']

interface Held {
  readonly node: number
  readonly pages: bigint
  readonly touched: bigint
  /** Whether they end before the request. */
  readonly ends: boolean
}

interface Scene {
  readonly nodes: readonly bigint[]
  readonly overcommit: bigint
  readonly held: readonly Held[]
  /** What is written before the request; node -1 is the whole pool. */
  readonly written: readonly (readonly [node: number, pages: bigint])[]
  /** The counts asked for, by node; -1 leaves it out; one alone is the whole pool. */
  readonly asked: readonly bigint[]
}

const few = fc.bigInt(0n, 6n)

const scenes: fc.Arbitrary<Scene> = fc.record({
  nodes: fc.array(few, { minLength: 2, maxLength: 3 }),
  overcommit: fc.bigInt(0n, 4n),
  held: fc.array(fc.record({ node: fc.nat(2), pages: few, touched: few, ends: fc.boolean() }), {
    maxLength: 3,
  }),
  written: fc.array(fc.tuple(fc.integer({ min: -1, max: 2 }), few), { maxLength: 3 }),
  asked: fc.array(fc.bigInt(-1n, 8n), { minLength: 1, maxLength: 3 }),
})

const quietly = (action: () => void): void => {
  try {
    action()
  } catch {
    // The kernel gives no such mapping, so the scene is without it.
  }
}

const stage = (release: string, { nodes, overcommit, held, written }: Scene): FakeKernel => {
  const kernel = fakeKernel({
    release,
    nodes: nodes.map((_, id) => ({ id, memory: G })),
    pools: [{ size, persistent: Object.fromEntries(nodes.map((pages, id) => [id, pages])) }],
  })
  kernel.write(`${global2M}/nr_overcommit_hugepages`, `${overcommit}`)
  const ends: (() => void)[] = []
  for (const { node, pages, touched, ends: isEnding } of held)
    quietly(() => {
      const mapping = kernel.map(size, pages, { bind: [node % nodes.length] })
      if (isEnding) ends.push(mapping.unmap)
      mapping.touch(touched < pages ? touched : pages)
    })
  for (const [node, pages] of written) {
    const directory = node < 0 ? global2M : node2M(node % nodes.length)
    kernel.write(`${directory}/nr_hugepages`, `${pages}`)
  }
  for (const end of ends) end()
  return kernel
}

const wordOf = ({ nodes, asked }: Scene): string => {
  const counts = asked
    .slice(0, nodes.length)
    .flatMap((pages, node) => (pages < 0n ? [] : [`${node}:${pages}`]))
  return asked.length === 1 || counts.length === 0
    ? `${(asked[0] ?? 0n) < 0n ? 0n : asked[0]}`
    : counts.join(',')
}

const nodeNow = (kernel: FakeKernel, node: number) => {
  const [total = 0, free = 0, surplus = 0] = ['nr', 'free', 'surplus'].map((name) =>
    number(kernel, `${node2M(node)}/${name}_hugepages`),
  )
  return { total, free, surplus, persistent: total - surplus }
}

const idleNow = (kernel: FakeKernel, nodes: readonly number[]): number => {
  const [, free, reserved] = cellsOf(kernel, global2M)
  const idle = nodes.map((node) => nodeNow(kernel, node)).map((on) => Math.min(on.free, on.surplus))
  return Math.min(
    Math.max(0, free - reserved),
    idle.reduce((sum, pages) => sum + pages, 0),
  )
}

const idsOf = ({ nodes }: Scene): readonly number[] => nodes.map((_, id) => id)

for (const release of releases)
  t.test(`each node is set exactly, and no idle surplus stays, on ${release}`, async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async (scene) => {
        const kernel = stage(release, scene)
        const ids = idsOf(scene)
        const before = ids.map((node) => nodeNow(kernel, node))
        const word = wordOf(scene)
        const { stderr, status } = await onFake(kernel, `resize 2M=${word} --leave 0`)
        const about = `${word}: ${stderr}`
        assert.ok(status === 0 || status === 64, about)
        if (/no fewer than/.test(stderr)) return
        const asked = new Map(
          word.includes(':')
            ? word.split(',').map((one) => one.split(':').map(Number) as [number, number])
            : [],
        )
        for (const [index, node] of ids.entries())
          if (asked.size > 0)
            assert.equal(
              nodeNow(kernel, node).persistent,
              asked.get(node) ?? before[index]?.persistent,
              `node ${node}, ${about}`,
            )
        if (asked.size === 0) {
          const [total, , , surplus] = cellsOf(kernel, global2M)
          assert.equal(total - surplus, Number(word), about)
        }
        const named = asked.size === 0 ? ids : [...asked.keys()]
        assert.equal(idleNow(kernel, named), 0, about)
      }),
      { numRuns: 150 },
    )
  })

// What a kernel before 6.7 adds for the surplus of other nodes, a hand does not take off again.
for (const release of releases.filter((one) => one !== '6.1'))
  t.test(`by hand the lines of the dry run do the same on ${release}`, async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async (scene) => {
        const [run, typed] = [stage(release, scene), stage(release, scene)]
        const line = `resize 2M=${wordOf(scene)} --leave 0`
        const { stdout, stderr } = await onFake(typed, `${line} --dry-run`)
        if (/no fewer than/.test(stderr)) return
        for (const [, value = '', path = ''] of stdout.matchAll(/^echo (\d+) > (.*)$/gm))
          typed.write(path, value)
        await onFake(run, line)
        assert.deepEqual(typed.snapshot(), run.snapshot(), `${line}\n${stdout}`)
      }),
      { numRuns: 80 },
    )
  })

/** Eight pages in use on node 0, of which some are surplus, and free ones on node 1. */
const beside = (release: string, { surplus, free }: { surplus: bigint; free: bigint }) => {
  const kernel = stage(release, {
    nodes: [8n, free],
    overcommit: 0n,
    held: [{ node: 0, pages: 8n, touched: 8n, ends: false }],
    written: surplus === 0n ? [] : [[0, 8n - surplus]],
    asked: [],
  })
  return { kernel, from: kernel.writes.length }
}

const countsOf = (kernel: FakeKernel) =>
  [0, 1].map((node) => {
    const { total, free, surplus } = nodeNow(kernel, node)
    return `${total}t ${free}f ${surplus}s`
  })

for (const release of releases) {
  t.test(`free pages of one node are not called in use for another, on ${release}`, async (t) => {
    for (const word of ['0:2,1:2', '1:2,0:2', '2 --node all']) {
      const { kernel, from } = beside(release, { surplus: 0n, free: 4n })
      const { status, stderr } = await onFake(kernel, `resize 2M=${word}`)
      t.equal(status, 64)
      t.match(stderr, /2M on node 0: 6 pages are still in use and became surplus/)
      t.notMatch(stderr, /node 1:/)
      t.strictSame(countsOf(kernel), ['8t 0f 6s', '2t 2f 0s'])
      t.strictSame(writesOf(kernel, from), [
        'node1 2048kB nr_hugepages=2',
        'node0 2048kB nr_hugepages=2',
      ])
    }
  })

  t.test(`a node is set exactly beside surplus in use of another, on ${release}`, async (t) => {
    for (const more of ['', ' --all-or-nothing']) {
      const { kernel } = beside(release, { surplus: 4n, free: 4n })
      const { status, stderr } = await onFake(kernel, `resize 2M=1:2${more}`)
      t.equal(status, 0, stderr)
      t.strictSame(countsOf(kernel), ['8t 0f 4s', '2t 2f 0s'])
    }
  })

  t.test(`a whole pool keeps no free page beside surplus in use, on ${release}`, async (t) => {
    const { kernel } = beside(release, { surplus: 4n, free: 6n })
    const { stderr } = await onFake(kernel, 'resize 2M=5')
    const later = ['6.16', '7.3'].includes(release)
    t.strictSame(
      countsOf(kernel),
      later ? ['8t 0f 4s', '1t 1f 0s'] : ['8t 0f 3s', '0t 0f 0s'],
      stderr,
    )
    t.notMatch(stderr, /free page/)
  })

  t.test(`surplus beyond what is reserved leaves, on ${release}`, async (t) => {
    for (const [word, left] of [
      ['8', 8],
      ['1:0', 8],
      ['0:8,1:0', 8],
      ['0:8', 12],
    ] as const) {
      const kernel = fakeKernel({
        release,
        nodes: [0, 1].map((id) => ({ id, memory: G })),
        pools: [{ size, persistent: { 0: 8n, 1: 4n } }],
      })
      const ending = kernel.map(size, 4n, { bind: [0] })
      ending.touch(4n)
      kernel.map(size, 8n)
      kernel.write(`${node2M(1)}/nr_hugepages`, '0')
      ending.unmap()
      t.strictSame(countsOf(kernel), ['8t 8f 0s', '4t 4f 4s'])
      t.equal((await onFake(kernel, `resize 2M=${word}`)).status, 0)
      t.strictSame(cellsOf(kernel, global2M), [left, left, 8, left - 8], word)
    }
  })
}

t.test('a stop in between leaves no surplus of others persistent', async (t) => {
  for (const nth of [1, 2]) {
    const { kernel, from } = beside('6.12', { surplus: 4n, free: 4n })
    await onFake(kernel, 'resize 2M=1:2', signalDuringWrite(kernel, from + nth))
    t.strictSame(countsOf(kernel), ['8t 0f 4s', '2t 2f 0s'])
  }
  const { kernel, from } = beside('6.12', { surplus: 4n, free: 4n })
  kernel.failWrite(`${node2M(1)}/nr_hugepages`, 'EIO')
  await onFake(kernel, 'resize 2M=1:2')
  t.strictSame(countsOf(kernel), ['8t 0f 4s', '4t 4f 0s'], 'nor does an error')
  t.equal(writesOf(kernel, from).length, 3)
})

t.test('before 6.7 no warning is given of surplus that is persistent by then', async (t) => {
  const kernel = fakeKernel({
    release: '6.1',
    nodes: [0, 1].map((id) => ({ id, memory: G })),
    pools: [{ size, persistent: { 0: 4n, 1: 4n } }],
  })
  kernel.map(size, 8n)
  kernel.write(`${node2M(0)}/nr_hugepages`, '0')
  t.strictSame(countsOf(kernel), ['4t 4f 4s', '4t 4f 0s'])
  const { status, stderr } = await onFake(kernel, 'resize 2M=0:8,1:0')
  t.equal(status, 0)
  t.notMatch(stderr, /no fewer/)
  t.strictSame(countsOf(kernel), ['8t 8f 0s', '0t 0f 0s'])
})

t.test('before 6.7 what cannot be set beside new surplus of others is said', async (t) => {
  const kernel = stage('6.1', {
    nodes: [4n, 4n],
    overcommit: 0n,
    held: [0, 1].map((node) => ({ node, pages: 4n, touched: 4n, ends: false })),
    written: [],
    asked: [],
  })
  const { status, stdout, stderr } = await onFake(kernel, 'resize 2M=0:0,1:1 -nr')
  t.equal(status, 64)
  t.match(stderr, /2M on node 1: this kernel adds .*, so no fewer than 4 can be set/)
  t.match(stdout, /^2M 1 4 1 4 3 partial$/m, 'how far it is from that')
})
