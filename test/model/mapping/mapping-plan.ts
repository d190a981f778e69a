import t from 'tap'
import { pagesAfter, planMapping } from '../../../src/model/mapping/mapping-plan.ts'
import { cpusOf, machineWith, mappingRequest, planOf, small } from '../../helpers/mapping-plan.ts'
import * as fc from '../../helpers/property.ts'
import { poolOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('one mapping', async (t) => {
  t.strictSame(planOf('2M=8'), {
    size: 2n * M,
    pages: 8n,
    via: 'anon',
    sharing: 'private',
    populate: false,
    noreserve: false,
    parts: [{ pages: 8n, threads: 8 }],
    touch: 8n,
    touchSteps: [{ part: 0, process: 0, from: 0n, to: 8n, upTo: 8n, counted: true }],
    verify: false,
    frames: false,
    processes: 1,
  })
})

t.test('all that was typed is in the plan', async (t) => {
  const rest = {
    via: 'file',
    sharing: 'private',
    mount: '/mnt/huge',
    populate: true,
    noreserve: true,
    verify: true,
    frames: true,
    touch: 3n,
    threads: 2,
    hold: 500,
  } as const
  const { threads, ...kept } = rest
  t.strictSame(planOf('default=16M', rest), {
    ...kept,
    size: 2n * M,
    pages: 8n,
    parts: [{ pages: 8n, threads }],
    touchSteps: [{ part: 0, process: 0, from: 0n, to: 3n, upTo: 3n, counted: true }],
    processes: 1,
  })
  t.hasStrict(planOf('2M=4', { path: '/mnt/huge/file', processes: 2, readOften: true }), {
    via: 'file',
    sharing: 'shared',
    path: '/mnt/huge/file',
    processes: 2,
    touchSteps: [{ upTo: 1n }, { upTo: 2n }, { upTo: 3n, process: 1 }, { upTo: 4n }],
  })
})

const bind = (...nodes: readonly number[]) => ({ mode: 'bind', nodes }) as const

t.test('a mapping for each node, bound to it, touched by its CPUs', async (t) => {
  const parts = [
    { pages: 5n, policy: bind(0), cpus: [0, 1, 2, 3], threads: 4 },
    { pages: 2n, policy: bind(1), cpus: [4, 5, 6, 7], threads: 2 },
  ]
  const plan = planOf('2M=0:5,1:2')
  t.strictSame(plan.parts, parts)
  t.match(plan, { pages: 7n, touch: 7n })
  t.strictSame(
    planOf('2M=5', { nodes: 'all' }).parts.map(({ pages, policy }) => [pages, policy]),
    [
      [5n, bind(0)],
      [5n, bind(1)],
    ],
    'a node without memory is none of all',
  )
})

t.test('a policy that was typed, and near CPUs only for one that binds', async (t) => {
  const partOf = (mode: 'bind' | 'interleave' | 'preferred', nodes: readonly number[]) =>
    planOf('2M=20', { policy: { mode, nodes } }).parts
  t.strictSame(partOf('bind', [1]), [
    { pages: 20n, policy: bind(1), cpus: [4, 5, 6, 7], threads: 4 },
  ])
  t.match(partOf('bind', [0, 1]), [{ cpus: [0, 1, 2, 3, 4, 5, 6, 7], threads: 8 }])
  for (const [mode, nodes] of [
    ['interleave', [0, 1]],
    ['preferred', [1]],
  ] as const)
    t.strictSame(partOf(mode, nodes), [{ pages: 20n, policy: { mode, nodes }, threads: 8 }])
})

t.test('threads: as many as usable CPUs, and never more than pages', async (t) => {
  const machine = machineWith(small)
  for (const [allowed, line, threads, part] of [
    [cpusOf(0, 1, 2, 5), '2M=20', undefined, { threads: 4 }],
    [cpusOf(0, 1, 2, 5), '2M=1:20', undefined, { threads: 1, cpus: [5] }],
    [cpusOf(0, 1, 2), '2M=1:20', undefined, { threads: 3, cpus: undefined }],
    [cpusOf(), '2M=20', undefined, { threads: 1, cpus: undefined }],
    [cpusOf(0, 1, 2), '2M=2', undefined, { threads: 2 }],
    [cpusOf(0, 1, 2), '2M=20', 16, { threads: 16 }],
    [cpusOf(0, 1, 2), '2M=7', 16, { threads: 7 }],
    [cpusOf(0, 1, 4, 5), '2M=0:9', 1, { threads: 1, cpus: [0, 1] }],
  ] as const) {
    const plan = planOf(line, threads === undefined ? {} : { threads }, machine, allowed)
    t.hasStrict(plan.parts, [part], `${line} on ${allowed.allowed}`)
  }
})

t.test('no more can be touched than is mapped', async (t) => {
  const code = 'E_USAGE'
  t.throws(() => planOf('2M=4', { touch: 5n }), {
    code,
    message: '--touch 5: only 4 pages are mapped',
  })
  t.throws(() => planOf('2M=1', { touch: 2n }), {
    code,
    message: '--touch 2: only 1 page is mapped',
  })
  t.strictSame(planOf('2M=4', { touch: 0n }).touchSteps, [])
})

const pages = fc.bigInt({ min: 1n, max: 90n })

const typed = fc.record({
  counts: fc.oneof(
    pages.map((count) => `${count}`),
    fc.tuple(pages, pages).map(([a, b]) => `0:${a},1:${b}`),
    pages.map((count) => `1:${count}`),
  ),
  share: fc.nat({ max: 100 }),
  threads: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
  readOften: fc.boolean(),
  allowed: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
})

t.test('property: parts and touch steps are all of the pages, threads have some each', async () => {
  fc.assert(
    fc.property(typed, ({ counts, share, threads, readOften, allowed }) => {
      const asked = [...counts.matchAll(/(?<=^|:)\d+(?=,|$)/g)].reduce(
        (sum, [digits]) => sum + BigInt(digits),
        0n,
      )
      const touch = (asked * BigInt(share)) / 100n
      const rest = { touch, readOften, ...(threads !== undefined && { threads }) }
      const plan = planMapping(
        machineWith(small, poolOf(G)),
        mappingRequest(`2M=${counts}`, rest),
        cpusOf(...allowed),
      )
      const mapped = plan.parts.reduce((sum, part) => sum + part.pages, 0n)
      const touched = plan.touchSteps.reduce((sum, { from, to }) => sum + to - from, 0n)
      const fits = plan.parts.every(
        (part) => part.threads >= 1 && BigInt(part.threads) <= part.pages,
      )
      const bound = plan.parts.every(({ cpus = [] }) => cpus.every((cpu) => allowed.includes(cpu)))
      return mapped === asked && plan.pages === asked && touched === touch && fits && bound
    }),
  )
})

t.test('what is to be touched of the mappings that come later', async (t) => {
  const bind = (node: number) => ({ mode: 'bind', nodes: [node] }) as const
  const plan = planOf('2M=0:3,1:4', { touch: 5n })
  t.strictSame(pagesAfter(plan, 3n), [{ pages: 2n, policy: bind(1) }])
  t.strictSame(pagesAfter(plan, 0n), [
    { pages: 3n, policy: bind(0) },
    { pages: 2n, policy: bind(1) },
  ])
  t.strictSame(pagesAfter(plan, 7n), [])
  t.strictSame(pagesAfter({ ...plan, touch: 3n }, 3n), [])
  t.strictSame(pagesAfter(planOf('2M=4'), 0n), [{ pages: 4n }])
  t.strictSame(pagesAfter({ ...plan, touch: 4n }, 3n), [{ pages: 1n, policy: bind(1) }])
})
