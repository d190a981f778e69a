import t from 'tap'
import { fates, predicted } from '../../helpers/predicted.ts'

const pools = (line: string, series?: string) => predicted(line, series).pools

t.test('sizes in every form', async (t) => {
  for (const size of ['2M', '2m', '2097152', '2048kB', '0x200000', '2MiB', '2M,1G'])
    t.equal(pools(`hugepagesz=${size} hugepages=4`, '6.1'), '2M:4(2,2)', size)
  for (const size of ['3M', '2.5M', '08M', ''])
    t.strictSame(
      predicted(`hugepagesz=${size} hugepages=4`).messages,
      [
        `HugeTLB: unsupported hugepagesz=${size}`,
        'HugeTLB: hugepages=4 does not follow a valid hugepagesz, ignoring',
      ],
      size,
    )
})

t.test('a size is named once, but for a default that has no count', async (t) => {
  t.strictSame(fates('hugepagesz=2M hugepages=4 hugepagesz=2M hugepages=5'), [
    'hugepagesz=2M | used',
    'hugepages=4 | used',
    'hugepagesz=2M | ignored | HugeTLB: hugepagesz=2M specified twice, ignoring',
    'hugepages=5 | ignored | HugeTLB: hugepages=5 does not follow a valid hugepagesz, ignoring',
  ])
  t.equal(pools('default_hugepagesz=2M hugepagesz=2M hugepages=8'), '2M:8(4,4)')
  t.equal(
    pools('default_hugepagesz=1G hugepagesz=2M hugepages=8 hugepagesz=1G hugepages=1'),
    '2M:8(4,4) 1G:1(1,0) def1G',
  )
  t.equal(pools('default_hugepagesz=2M hugepages=3 hugepagesz=2M hugepages=5'), '2M:3(3,0)')
})

t.test('the default is given once', async (t) => {
  t.strictSame(fates('default_hugepagesz=2M default_hugepagesz=1G hugepages=2'), [
    'default_hugepagesz=2M | used',
    'default_hugepagesz=1G | ignored | HugeTLB: default_hugepagesz previously specified, ignoring 1G',
    'hugepages=2 | ignored | HugeTLB: hugepages=2 does not follow a valid hugepagesz, ignoring',
  ])
  t.strictSame(fates('default_hugepagesz=3M default_hugepagesz=1G'), [
    'default_hugepagesz=3M | ignored | HugeTLB: unsupported default_hugepagesz=3M',
    'default_hugepagesz=1G | used',
  ])
  t.equal(pools('default-hugepagesz=1G hugepages=1'), '1G:1(1,0) def1G')
})

t.test('a size that was named keeps the place of the next count', async (t) => {
  t.equal(pools('hugepagesz=2M hugepagesz=1G default_hugepagesz=2M hugepages=1'), '1G:1(1,0)')
})

t.test('a count before any size goes to the default', async (t) => {
  t.equal(pools('hugepages=2 default_hugepagesz=1G'), '1G:2(1,1) def1G')
  t.equal(pools('hugepages=0:4,1:4 default_hugepagesz=2M'), '2M:8(4,4)')
  t.strictSame(predicted('hugepages=8 default_hugepagesz=2M hugepages=0:2'), {
    pools: '2M:2(2,0)',
    kept: 10n,
    boots: true,
    messages: [],
  })
})
