import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCountersOf } from '../../../src/kernel/pools/counters.ts'
import { readPageSizes } from '../../../src/kernel/pools/pools.ts'
import { procPageSizes, procPoolSample } from '../../../src/kernel/pools/proc-pool.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { run, treeCopy, treeOf } from '../../helpers/run.ts'

/** A machine of which /proc alone is mounted. */
const withoutSysfs = (t: Test): string => {
  const directory = treeCopy(t, 'two-nodes')
  rmSync(join(directory, 'sys'), { recursive: true })
  return directory
}

const hint = "'mount -t sysfs sysfs /sys' shows the rest"
const seen = `sysfs is not mounted, so the default pool is all that can be seen; ${hint}`

t.test('the default pool is all that /proc shows', async (t) => {
  const tree = directoryTree(withoutSysfs(t))
  const { total, free, surplus } = readCountersOf(treeOf('two-nodes'), 2097152n)
  t.strictSame(procPageSizes(tree), [2097152n])
  t.strictSame(readPageSizes(tree), [2097152n])
  const counters = readCountersOf(tree, 2097152n)
  t.strictSame(
    { total: counters.total, free: counters.free, surplus: counters.surplus },
    { total, free, surplus },
  )
  t.strictSame(procPageSizes(treeOf('two-nodes')), [], 'sysfs tells more')
  const { status, stdout, stderr } = await run(['list', '-rno', 'SIZE,TOTAL'], { tree })
  t.strictSame(
    { status, stdout, stderr },
    { status: 0, stdout: `2M ${total}\n`, stderr: `hugepool: note: 2M: ${seen}\n` },
  )
})

t.test('a counter of reserved pages that fell below 0 is negative', async (t) => {
  const directory = withoutSysfs(t)
  const meminfo = join(directory, 'proc/meminfo')
  const text = readFileSync(meminfo, 'utf8')
  writeFileSync(meminfo, text.replace(/^(HugePages_Rsvd: +)\d+$/m, `$1${2n ** 64n - 1n}`))
  t.equal(procPoolSample(directoryTree(directory))?.parse().reserved, -1n)
})

t.test('what sysfs alone shows is not called missing', async (t) => {
  const tree = directoryTree(withoutSysfs(t))
  const refused = async (words: string) => (await run(words.split(' '), { tree })).stderr
  t.equal(
    await refused('list 1G'),
    `hugepool: a pool of 1G pages cannot be seen here\nhint: ${seen}\n`,
  )
  t.equal(await refused('resize 2M=0:4'), `hugepool: node 0 cannot be seen here\nhint: ${seen}\n`)
  t.equal(
    await refused('resize 2M=4 --node all'),
    `hugepool: no node can be seen here\nhint: ${seen}\n`,
  )
})

t.test('the default pool is set through /proc', async (t) => {
  const directory = withoutSysfs(t)
  const tree = directoryTree(directory)
  for (const [words, file] of [
    ['resize default=5', 'nr_hugepages'],
    ['resize 2M=5', 'nr_hugepages'],
    ['overcommit 2M=7', 'nr_overcommit_hugepages'],
  ] as const) {
    const path = `/proc/sys/vm/${file}`
    const value = words.split('=')[1]
    const dry = await run([...words.split(' '), '--dry-run'], { tree })
    const { status, stdout } = dry
    t.equal(status, 0, words)
    const lines = stdout.trimEnd().split('\n')
    t.equal(lines.at(-1), `echo ${value} > ${path}`)
    t.ok(
      lines.every((line) => line.endsWith(` > ${path}`)),
      'surplus becomes persistent first',
    )
    writeFileSync(join(directory, path), '0\n')
    await run(words.split(' '), { tree })
    t.equal(readFileSync(join(directory, path), 'utf8'), `${value}\n`, words)
  }
})

t.test('a dry run refuses what the real run refuses', async (t) => {
  const directory = withoutSysfs(t)
  rmSync(join(directory, 'proc/sys/vm/nr_hugepages'))
  const tree = directoryTree(directory)
  const refused = {
    status: 4,
    stdout: '',
    stderr: 'hugepool: /proc/sys/vm/nr_hugepages: no such attribute in this kernel\n',
  }
  t.strictSame(await run(['resize', '2M=5'], { tree }), refused)
  t.strictSame(await run(['resize', '2M=5', '--dry-run'], { tree }), refused)
})

t.test('what is only hidden is not said to be missing in the kernel', async (t) => {
  const directory = withoutSysfs(t)
  rmSync(join(directory, 'proc/sys/vm'), { recursive: true })
  const tree = directoryTree(directory)
  const sysfs =
    "hint: sysfs is not mounted, so the default pool is all that can be seen; 'mount -t sysfs sysfs /sys' shows the rest"
  const hidden = (file: string) => [
    `hugepool: /proc/sys/vm/${file}: cannot be seen: there is no /proc/sys`,
    "hint: 'mount -t proc proc /proc' shows it, if without subset=pid",
  ]
  for (const [words, stderr] of [
    ['resize default=5', hidden('nr_hugepages')],
    ['overcommit 2M=3', ['hugepool: the overcommit of 2M pages cannot be seen here', sysfs]],
    ['demote 2M=1', ['hugepool: what splits 2M pages cannot be seen here', sysfs]],
  ] as const)
    for (const dry of [[], ['--dry-run']]) {
      const result = await run([...words.split(' '), ...dry], { tree })
      t.strictSame(result, { status: 4, stdout: '', stderr: `${stderr.join('\n')}\n` }, words)
      const { stdout } = await run([...words.split(' '), ...dry, '--json'], { tree })
      t.equal(JSON.parse(stdout).error.reason, 'not-shown', words)
    }
})

t.test('where /proc/meminfo is hidden the default size is unknown', async (t) => {
  const directory = treeCopy(t, 'two-nodes')
  rmSync(join(directory, 'proc/meminfo'))
  const tree = directoryTree(directory)
  const words = '/proc/meminfo does not show which page size is the default'
  const { status, stderr } = await run(['list'], { tree })
  t.strictSame([status, stderr], [0, `hugepool: note: ${words}\n`])
  t.strictSame(await run(['mount', '/mnt/new', '--mkdir', '--dry-run'], { tree }), {
    status: 4,
    stdout: '',
    stderr: `hugepool: ${words}\nhint: name the size: this machine has 2M, 1G\n`,
  })
})

t.test('a kernel without pools and a machine without /proc are told apart', async (t) => {
  const directory = withoutSysfs(t)
  const said = async () => (await run(['list'], { tree: directoryTree(directory) })).stderr
  writeFileSync(join(directory, 'proc/meminfo'), 'MemTotal: 5 kB\n')
  t.match(await said(), /^hugepool: this kernel has no HugeTLB pools: /)
  rmSync(join(directory, 'proc'), { recursive: true })
  mkdirSync(join(directory, 'proc'))
  t.match(await said(), /^hugepool: no pool can be seen: neither sysfs nor procfs is mounted\n/)
})
