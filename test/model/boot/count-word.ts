import t from 'tap'
import { fates, predicted } from '../../helpers/predicted.ts'

const pools = (line: string, series?: string) => predicted(line, series).pools

t.test('a count is for the size before it, or for the default', async (t) => {
  t.equal(pools('hugepages=8'), '2M:8(4,4)')
  t.equal(pools('hugepagesz=1G hugepages=1'), '1G:1(1,0)')
  t.equal(pools('hugepagesz=2M hugepages=8 hugepagesz=1G hugepages=2'), '2M:8(4,4) 1G:2(1,1)')
})

t.test('counts of nodes', async (t) => {
  t.equal(pools('hugepages=0:3,1:1'), '2M:4(3,1)')
  t.equal(pools('hugepages=1:2,'), '2M:2(0,2)')
  t.strictSame(predicted('hugepagesz=2M hugepages=0:2,0:3'), {
    pools: '2M:3(3,0)',
    kept: 5n,
    boots: true,
    messages: [],
  })
  t.equal(pools('hugepages=1:6', '5.10'), '2M:1(1,0)', 'before 5.16 the first number is all')
  t.strictSame(fates('hugepages=x', '5.10'), ["hugepages=x | used | 'x' is not read"])
  const most = 2n ** 64n - 1n
  const all = predicted(`hugepagesz=2M hugepages=0:${most},1:3`, '6.12')
  const left = 2n - (2n ** 32n - 1n - 2048n)
  t.equal(all.kept, BigInt.asUintN(64, left), 'sums lose their upper bits')
  t.equal(all.pools, '2M:2051(2048,3)')
})

t.test('a count without a number takes the place of none', async (t) => {
  const line = 'hugepages=5 default_hugepagesz=2M hugepages='
  t.equal(pools(line), '2M:5(5,0)')
  t.strictSame(fates(line), [
    'hugepages=5 | used',
    'default_hugepagesz=2M | used',
    'hugepages= | used',
  ])
  t.equal(pools(line, '5.10'), '', 'before 5.16 no number is 0')
  t.strictSame(fates(line, '5.10'), [
    'hugepages=5 | overridden | by hugepages=',
    'default_hugepagesz=2M | used',
    'hugepages= | used',
  ])
})

t.test('a sum of nodes that is too large for an unsigned long', async (t) => {
  const most = 2n ** 64n - 1n
  const line = (value: string) => `hugepagesz=2M hugepages=${value}`
  const none = 'the sum of its numbers wraps at 2^64 to 0: no pages are allocated'
  t.strictSame(fates(line(`0:${most},1:1`)).at(-1), `hugepages=0:${most},1:1 | ignored | ${none}`)
  t.equal(pools(line(`0:${most},1:1`)), '')
  t.strictSame(
    fates(line(`0:${most},0:3`)).at(-1),
    `hugepages=0:${most},0:3 | used | the sum of its numbers wraps at 2^64 to 2`,
  )
  t.strictSame(fates(line(`0:2,1:3`)).at(-1), 'hugepages=0:2,1:3 | used')
  t.strictSame(
    fates(line(`0:${most - 3n}x`))
      .at(-1)
      ?.includes('wraps'),
    false,
  )
})

t.test('what is no count clears all of the size', async (t) => {
  for (const [value, rest] of [
    ['0:2,5:1', '5:1'],
    ['0:2,3', '3'],
    ['0:', ''],
    ['-1', '-1'],
    ['0:2,x', 'x'],
  ] as const)
    t.strictSame(
      predicted(`hugepagesz=2M hugepages=${value}`),
      {
        pools: '',
        kept: 0n,
        boots: true,
        messages: [`HugeTLB: Invalid hugepages parameter ${rest}`],
      },
      value,
    )
  t.equal(
    pools('hugepagesz=2M hugepages=-1 hugepages=6', '6.1'),
    '2M:6(3,3)',
    'the next one counts',
  )
  t.equal(pools('hugepages=-1 hugepages=6', '6.1'), '2M:6(3,3)')
})

t.test('a second count without a size between', async (t) => {
  const twice =
    'HugeTLB: hugepages= specified twice without interleaving hugepagesz=, ignoring hugepages=4'
  t.strictSame(fates('hugepages= hugepages=4'), [
    'hugepages= | used',
    `hugepages=4 | ignored | ${twice}`,
  ])
  t.strictSame(fates('hugepagesz=2M hugepages=2 hugepages=4').slice(1), [
    'hugepages=2 | used',
    `hugepages=4 | ignored | ${twice}`,
  ])
})

t.test('after a size that is not had', async (t) => {
  const none = 'HugeTLB: hugepages=7 does not follow a valid hugepagesz, ignoring'
  t.strictSame(fates('hugepagesz=1G hugepagesz=3M hugepages=7 hugepages=1'), [
    'hugepagesz=1G | used | no number of pages follows it',
    'hugepagesz=3M | ignored | HugeTLB: unsupported hugepagesz=3M',
    `hugepages=7 | ignored | ${none}`,
    'hugepages=1 | used',
  ])
  t.equal(pools('hugepagesz=1G hugepagesz=3M hugepages=7 hugepages=1'), '1G:1(1,0)')
})

t.test('a part that is not read is told, and what another word takes the place of', async (t) => {
  t.strictSame(fates('hugepages=2M'), ["hugepages=2M | used | 'M' is not read"])
  t.strictSame(fates('hugepages=0:2x,1:3'), ["hugepages=0:2x,1:3 | used | 'x,1:3' is not read"])
  t.strictSame(fates('hugepages=5 default_hugepagesz=2M hugepages=7'), [
    'hugepages=5 | overridden | by hugepages=7',
    'default_hugepagesz=2M | used',
    'hugepages=7 | used',
  ])
})

t.test('gigantic pages are had at once before 6.15, and once from then on', async (t) => {
  const line = 'hugepages=1 default_hugepagesz=1G hugepages=2'
  t.strictSame(predicted(line, '6.12'), {
    pools: '1G:3(2,1) def1G',
    kept: 2n,
    boots: true,
    messages: [],
  })
  t.equal(pools(line, '6.18'), '1G:2(1,1) def1G')
})

t.test('a node with processors only', async (t) => {
  const nodes = [
    { node: 0, memory: 2n ** 32n },
    { node: 1, memory: 0n },
  ]
  const { bootMachine } = await import('../../helpers/predicted.ts')
  const told = (series: string) => predicted('hugepages=0:2,1:2', series, { ...bootMachine, nodes })
  t.strictSame(told('6.12'), {
    pools: '2M:2(2,0)',
    kept: 2n,
    boots: true,
    messages: [
      'HugeTLB: allocating 2 of page size 2.00 MiB failed node1.  Only allocated 0 hugepages.',
    ],
  })
  t.strictSame(told('6.18'), {
    pools: '',
    kept: 0n,
    boots: true,
    messages: ['HugeTLB: Invalid hugepages parameter 1:2'],
  })
})
