import t from 'tap'
import { directoryTree } from '../../src/kernel/tree.ts'
import type { Result } from '../helpers/caught.ts'
import { filesBelow, run, treeCopy, treePath } from '../helpers/run.ts'

const hopeless = ['abc', '1x', '1.5', '1.5G', '1e3', '0x10', '010', '+-5', '--5', '+', '8GG', '']
const tooLarge = ['9223372036854775808', '18446744073709551616', '-9223372036854775808']
const sizes = ['3M', '0', '-2M', '2X', '', '2M2', '64K', '1T']
const nodes = ['x', '0-', '3-1', '0,,1', '99', '', '0,0', '-1', '0-9999', '1e0', 'all,0']

/** Runs a command line on a machine that can be written to and looks for any trace of a write. */
const untouched = (name: string) => {
  const directory = treeCopy(t, name)
  const before = filesBelow(directory)
  return async (...words: readonly string[]): Promise<Result> => {
    const result = await run(words, { tree: directoryTree(directory) })
    t.strictSame(filesBelow(directory), before, `untouched by ${words.join(' ').slice(0, 80)}`)
    t.notMatch(result.stderr, /\n {4}at |E_BUG|a fault of hugepool/)
    t.match(result.stderr, /^hugepool: [^\n]+\n/)
    t.equal(result.stdout, '')
    return result
  }
}

const attempt = untouched('two-nodes')

t.test('the comparison would notice a write, also of the same value', async (t) => {
  const directory = treeCopy(t, 'two-nodes')
  const before = filesBelow(directory)
  const tree = directoryTree(directory)
  const path = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages'
  t.equal((await run(['overcommit', '2M=17'], { tree })).status, 0)
  t.not(filesBelow(directory)[path.slice(1)], before[path.slice(1)])
  tree.write(path, '16')
  t.notSame(filesBelow(directory), before)
  t.same(filesBelow(directory, false), filesBelow(treePath('two-nodes'), false), 'the same text')
})

t.test('counts that are none', async (t) => {
  for (const command of ['resize', 'overcommit', 'demote'])
    for (const count of [...hopeless, ...tooLarge]) {
      const words = [command, command === 'demote' ? `1G=${count}` : `2M=${count}`]
      const { status, stderr } = await attempt(...words)
      t.equal(status, 2, words.join(' '))
      t.ok(stderr.includes(`'${count}' is`), stderr)
      t.ok(stderr.endsWith(`try 'hugepool ${command} --help'\n`))
    }
})

t.test('a bad count among good ones, in the node form, and after relative ones', async (t) => {
  for (const words of ['2M=512 1G=1x', '2M=0:5,1:010', '2M=+1 1G=0:--5', '1G=0 2M=5 2M=6'])
    t.equal((await attempt('resize', ...words.split(' '))).status, 2, words)
})

t.test('amounts that are no whole pages name the two nearest', async (t) => {
  for (const command of ['resize', 'overcommit']) {
    const { status, stderr } = await attempt(command, '2M=3M')
    t.match(
      { status, stderr },
      {
        status: 2,
        stderr: /hint: the nearest amounts are 2M and 4M; 2M=4M or --round up takes the larger\n/,
      },
    )
  }
  t.match(await attempt('demote', '1G=1536M'), { status: 2, stderr: /are 1G and 2G; 1G=2G or/ })
})

t.test('sizes that are none, or none of this machine', async (t) => {
  for (const command of ['resize', 'overcommit', 'demote'])
    for (const size of sizes) {
      const { status, stderr } = await attempt(command, '--', `${size}=1`)
      const exists = ['3M', '64K', '1T'].includes(size)
      t.equal(status, exists ? 4 : 2, `${command} ${size}=1`)
      t.match(stderr, exists ? 'hint: this machine has 2M, 1G\n' : `'${size}' is not a page size\n`)
    }
  for (const size of sizes) {
    const { status } = await attempt('list', size)
    t.equal(status, ['3M', '64K', '1T'].includes(size) ? 4 : 2, `list ${size}`)
  }
  t.equal((await attempt('demote', '1G=1', '--to', '2X')).status, 2)
  t.equal((await attempt('demote', '1G=1', '--to', '3M')).status, 4)
  t.equal((await attempt('demote', '1G=1', '--to', '1G')).status, 2)
})

t.test('nodes that are none, or none of this machine', async (t) => {
  for (const command of ['resize', 'demote'])
    for (const node of nodes) {
      const { status } = await attempt(command, '1G=1', '--node', node)
      t.equal(status, node === '99' ? 4 : 2, `${command} --node ${node}`)
    }
  for (const node of ['x', '0-1', '', '-1', '00', '1024', 'all'])
    t.equal((await attempt('resize', `2M=${node}:5`)).status, 2, node)
  t.match(await attempt('resize', '2M=99:5'), {
    status: 4,
    stderr: /there is no node 99 here\nhint: this machine has nodes 0-1\n/,
  })
})

t.test('contradictions', async (t) => {
  for (const words of [
    'resize 2M=5 2048k=5',
    'resize 2M=5 default=6',
    'resize 2M=0:5,0:6',
    'resize 2M=0:5 --node 1',
    'resize 2M=0:5 --mempolicy bind:0',
    'resize 2M=5 --mempolicy bind:x',
    'resize 2M=5 --mempolicy preferred:0-1',
    'resize 2M=5 --leave 1x',
    'resize 2M=5 --leave -1',
    'resize 2M=5 --leave 8E',
    'resize 2M=-97',
    'overcommit 2M=0:5',
    'overcommit 2M=max',
    'overcommit 2M=-17',
    'demote 1G=+1',
    'demote 1G=50%',
    'demote 1G=1 1G=1',
  ])
    t.equal((await attempt(...words.split(' '))).status, 2, words)
  t.equal((await attempt('demote', '2M=1')).status, 4)
})

t.test('a node without memory cannot grow', async (t) => {
  const onGaps = untouched('gaps')
  for (const words of ['2M=3:1', '2M=0:1,3:+1', '2M=3:max'])
    t.match(await onGaps('resize', words), { status: 4, stderr: /node 3 has no memory/ }, words)
  t.match(await onGaps('resize', '2M=1', '--node', '3'), { status: 4 })
  t.match(await onGaps('resize', '2M=11:1'), {
    status: 4,
    stderr: /node 11 has no pool of 2M pages/,
  })
  t.match(await onGaps('resize', '2M=4:1'), {
    status: 4,
    stderr: /hint: this machine has nodes 0-3,8-11\n/,
  })
})

t.test('more than the machine has is refused, and the largest that fits is named', async (t) => {
  t.match(await attempt('resize', '2M=9223372036854775807'), {
    status: 1,
    stderr: /would leave less than .*\nhint: the largest count that fits is 2M=\d+; .*--leave/,
  })
})

t.test('a machine without HugeTLB or NUMA', async (t) => {
  const onNone = untouched('no-hugetlb')
  for (const words of ['list', 'resize 2M=1', 'overcommit 2M=1', 'demote 1G=1'])
    t.match(await onNone(...words.split(' ')), { status: 4, stderr: /no HugeTLB pools/ }, words)
  const onNoNuma = untouched('no-numa')
  t.match(await onNoNuma('resize', '2M=0:1'), {
    status: 4,
    stderr: /this kernel has no NUMA nodes/,
  })
})

t.test('an argument of a megabyte', async (t) => {
  const long = 'x'.repeat(2 ** 20)
  const digits = '9'.repeat(2 ** 20)
  for (const words of [
    ['list', long],
    [long],
    [`--${long}`],
    ['resize', `2M=${digits}`],
    ['resize', `2M=${long}`],
    ['resize', `${digits}=1`],
    ['resize', '2M=1', '--node', long],
    ['resize', '2M=1', '--leave', digits],
    ['list', '-o', long],
  ]) {
    const { status, stderr } = await attempt(...words)
    t.equal(status, 2, words.join(' ').slice(0, 20))
    t.ok(stderr.length < 2000, `${stderr.length}`)
  }
})
