import t from 'tap'
import { run, treeNames } from '../../helpers/run.ts'

const list = async (tree: string, ...words: readonly string[]) => {
  const { status, stdout, stderr } = await run(['list', ...words], { tree })
  if (status !== 0 || stderr !== '') throw new Error(`${status}: ${stderr}`)
  return stdout
}

t.test('one node', async (t) => {
  t.equal(
    await list('one-node'),
    `SIZE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  MEMORY
2M      100    97         2         95       3        0    200M
1G        0     0         0          0       0        0       0
`,
  )
  t.equal(await list('container'), await list('one-node'))
})

t.test('two nodes, one with surplus pages', async (t) => {
  t.equal(
    await list('two-nodes', '--per-node'),
    `SIZE  NODE  TOTAL  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  MEMORY
2M     all    100    90         8         82      10        4    200M
2M       0     64    60         -          -       4        0    128M
2M       1     36    30         -          -       6        4     72M
1G     all      1     1         0          1       0        0      1G
1G       0      0     0         -          -       0        0       0
1G       1      1     1         -          -       0        0      1G
`,
  )
})

t.test('all columns of two nodes', async (t) => {
  t.equal(
    await list('two-nodes', '--per-node', '--output-all'),
    `SIZE  NODE  TOTAL  PERSISTENT  FREE  RESERVED  AVAILABLE  IN-USE  SURPLUS  OVERCOMMIT  MEMORY  DEMOTE-SIZE  DEFAULT  USE
2M     all    100          96    90         8         82      10        4          16    200M            -  *        [##==...............+]
2M       0     64          64    60         -          -       4        0           -    128M            -  -        [#------------]
2M       1     36          32    30         -          -       6        4           -     72M            -  -        [#-----+]
1G     all      1           1     1         0          1       0        0           0      1G           2M  -        [....................]
1G       0      0           0     0         -          -       0        0           -       0            -  -        []
1G       1      1           1     1         -          -       0        0           -      1G            -  -        [....................]
`,
  )
})

t.test('ids with gaps, a node without memory, one without a directory for its pools', async (t) => {
  t.equal(
    await list('gaps', '-N', '-o', 'SIZE,NODE,TOTAL,FREE,MEMORY', '2M'),
    `SIZE  NODE  TOTAL  FREE  MEMORY
2M     all   1152  1084   2304M
2M       0    256   256    512M
2M       1    256   200    512M
2M       2    128   128    256M
2M       3      0     0       0
2M       8      0     0       0
2M       9      0     0       0
2M      10    512   500      1G
2M      11      -     -       -
`,
  )
})

t.test('arm64 with sizes to choose from', async (t) => {
  t.equal(
    await list('arm64-4k', '-o', 'SIZE,TOTAL,AVAILABLE,OVERCOMMIT,MEMORY,DEMOTE-SIZE,DEFAULT'),
    `SIZE  TOTAL  AVAILABLE  OVERCOMMIT  MEMORY  DEMOTE-SIZE  DEFAULT
64K     768        736         128     48M            -  -
2M      192        180           0    384M          64K  *
32M       8          7           0    256M           2M  -
1G        2          2           0      2G          32M  -
`,
  )
})

t.test('no NUMA: no node and nothing amiss', async (t) => {
  const expected = `SIZE NODE TOTAL PERSISTENT AVAILABLE SURPLUS OVERCOMMIT DEFAULT
2M all 50 48 35 2 8 yes
1G all 1 1 0 0 0 no
`
  const columns = 'SIZE,NODE,TOTAL,PERSISTENT,AVAILABLE,SURPLUS,OVERCOMMIT,DEFAULT'
  t.equal(await list('no-numa', '-r', '-o', columns), expected)
  t.equal(await list('no-numa', '-rN', '-o', columns), expected)
})

t.test('a kernel before demote, and one without pages of 1G', async (t) => {
  t.equal(
    await list('before-demote', '-ro', 'SIZE,FREE,DEMOTE-SIZE'),
    'SIZE FREE DEMOTE-SIZE\n2M 62 -\n1G 1 -\n',
  )
  t.equal(await list('no-1g', '-rno', 'SIZE,TOTAL'), '2M 16\n')
})

t.test('sizes that are neither 2M nor 1G', async (t) => {
  const columns = 'SIZE,TOTAL,FREE,MEMORY,DEMOTE-SIZE,DEFAULT'
  t.equal(
    await list('arm64-64k', '-rno', columns),
    '2M 1024 1000 2G - no\n512M 16 12 8G 2M yes\n16G 1 1 16G 512M no\n',
  )
  t.equal(await list('ppc64', '-rno', columns), '16M 96 82 1536M - yes\n16G 1 1 16G - no\n')
})

t.test('no HugeTLB: the missing kernel option is named', async (t) => {
  t.strictSame(await run(['list'], { tree: 'no-hugetlb' }), {
    status: 4,
    stdout: '',
    stderr: `hugepool: this kernel has no HugeTLB pools: /sys/kernel/mm/hugepages is missing
hint: the kernel needs CONFIG_HUGETLBFS and CONFIG_HUGETLB_PAGE, and a CPU with huge pages
`,
  })
})

t.test('hugepool alone is hugepool list', async (t) => {
  for (const tree of treeNames)
    t.strictSame(await run([], { tree }), await run(['list'], { tree }), tree)
})

t.test('sizes are chosen by any of their names, and shown once and in order', async (t) => {
  const two = await list('arm64-4k', '2M', '1G')
  t.strictSame(
    two.split('\n').map((line) => line.split(' ')[0]),
    ['SIZE', '2M', '1G', ''],
  )
  for (const words of [
    ['1G', '2M'],
    ['1048576k', 'default'],
    ['2M', '2048KiB', '1g', '1G'],
  ])
    t.equal(await list('arm64-4k', ...words), two, words.join(' '))
})

t.test('sizes in bytes', async (t) => {
  t.equal(
    await list('two-nodes', '-b', '-o', 'SIZE,MEMORY,DEMOTE-SIZE'),
    `SIZE            MEMORY  DEMOTE-SIZE
2097152      209715200            -
1073741824  1073741824      2097152
`,
  )
})

t.test('columns that are added, and all of them', async (t) => {
  const [first = ''] = (await list('one-node', '-o', '+NODE')).split('\n')
  t.match(first, /MEMORY {2}NODE$/)
  const all = await list('one-node', '--output-all')
  t.match(all, /^SIZE {2}NODE {2}TOTAL .* DEFAULT {2}USE\n2M +all +100 /)
  t.equal(await list('one-node', '-ro', 'free', '-n'), '97\n0\n')
})

t.test('every tree, every line: as many fields as headings', async (t) => {
  for (const tree of treeNames.filter((name) => name !== 'no-hugetlb')) {
    const lines = (await list(tree, '--per-node', '--raw', '--bytes', '--output-all'))
      .trimEnd()
      .split('\n')
    t.ok(lines.length > 1, tree)
    for (const line of lines) t.equal(line.split(' ').length, 14, `${tree}: ${line}`)
  }
})
