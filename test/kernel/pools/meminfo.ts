import t from 'tap'
import { parseMeminfo, readMeminfo } from '../../../src/kernel/pools/meminfo.ts'
import { treeNames, treeOf } from '../../helpers/run.ts'

t.test('lines in kB become bytes, lines that count pages are left out', async (t) => {
  const text = `MemTotal:       16262144 kB
MemFree:               0 kB
Active(file):     309504 kB
HugePages_Total:     100
Hugepagesize:       2048 kB
DirectMap1G:    18446744073709551615 kB
`
  t.strictSame(
    parseMeminfo(text),
    new Map([
      ['MemTotal', 16262144n * 1024n],
      ['MemFree', 0n],
      ['Active(file)', 309504n * 1024n],
      ['Hugepagesize', 2097152n],
      ['DirectMap1G', (2n ** 64n - 1n) * 1024n],
    ]),
  )
})

t.test('a node writes its number in front', async (t) => {
  t.strictSame(
    parseMeminfo('Node 11 MemTotal:        1024 kB\nNode 11 HugePages_Free:    0\n'),
    new Map([['MemTotal', 1024n * 1024n]]),
  )
})

t.test('garbage is left out', async (t) => {
  for (const text of [
    '',
    'x',
    'MemTotal: kB',
    'MemTotal: -1 kB',
    'MemTotal: 1 MB',
    'MemTotal 1 kB',
  ])
    t.equal(parseMeminfo(text).size, 0, text)
})

t.test('every recorded machine tells its memory and its default page size', async (t) => {
  const sizes = Object.fromEntries(
    treeNames.map((name) => [name, (readMeminfo(treeOf(name)).get('Hugepagesize') ?? 0n) / 1024n]),
  )
  t.strictSame(sizes, {
    'arm64-4k': 2048n,
    'arm64-64k': 524288n,
    'before-demote': 2048n,
    container: 2048n,
    gaps: 2048n,
    'no-1g': 2048n,
    'no-hugetlb': 0n,
    'no-numa': 2048n,
    'one-node': 2048n,
    ppc64: 16384n,
    'two-nodes': 2048n,
  })
  for (const name of treeNames) {
    const { MemTotal = 0n, MemAvailable = 0n } = Object.fromEntries(readMeminfo(treeOf(name)))
    t.ok(MemAvailable > 0n && MemTotal > MemAvailable, name)
  }
})

t.test('a missing file is an empty one', async (t) => {
  t.equal(readMeminfo(treeOf('one-node'), '/proc/none').size, 0)
})
