import { spawnSync } from 'node:child_process'
import t from 'tap'
import { directoryTree } from '../../src/kernel/tree.ts'
import {
  calls,
  filesBelow,
  installed,
  run,
  spawnProgram,
  traced,
  treeCopy,
} from '../helpers/run.ts'

const program = installed()

const dryRuns: readonly (readonly [tree: string, words: string])[] = [
  ['no-1g', 'resize 2M=512'],
  ['gaps', 'resize 2M=0 1G=9:4,8:2'],
  ['gaps', 'resize 2M=+100'],
  ['gaps', 'resize 2M=300 1G=0 --node 0-1'],
  ['gaps', 'resize 2M=max --leave 60G'],
  ['arm64-4k', 'resize 64K=1G 32M=0 2M=25% --leave 0'],
  ['two-nodes', 'overcommit 2M=0'],
  ['gaps', 'overcommit 2M=1T'],
  ['gaps', 'demote 1G=2'],
  ['arm64-4k', 'demote 1G=1 --to 2M'],
  ['arm64-4k', 'demote 1G=0:2 --to 2M'],
]

/** Types the printed lines into a shell, on a copy of the machine. */
const typeInto = (directory: string, lines: string): void => {
  const script = lines.replaceAll('> /', `> ${directory}/`)
  const { status, stderr } = spawnSync('sh', ['-eu', '-c', script], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

t.test('the printed lines do what the real run does', async (t) => {
  for (const [name, words] of dryRuns) {
    const [typed, real] = [treeCopy(t, name), treeCopy(t, name)]
    const before = filesBelow(typed, false)
    const argv = words.split(' ')
    const dry = await run([...argv, '--dry-run'], { tree: directoryTree(typed) })
    t.equal(dry.status, 0, `${words}: ${dry.stderr}`)
    t.match(dry.stdout, /^(echo \S+ > \/sys\/\S+\n)+$/, words)
    t.strictSame(filesBelow(typed, false), before, 'the dry run wrote nothing')
    typeInto(typed, dry.stdout)
    t.notSame(filesBelow(typed, false), before, 'the lines do something')
    const { status } = await run(argv, { tree: directoryTree(real) })
    t.ok(status === 0 || status === 64, `${words}: ${status}`)
    t.strictSame(filesBelow(typed, false), filesBelow(real, false), words)
  }
})

t.test('nothing to do is no line', async (t) => {
  const { status, stdout, stderr } = spawnProgram(program, [
    'resize',
    '2M=16',
    '--dry-run',
    '--sysroot',
    treeCopy(t, 'no-1g'),
  ])
  t.strictSame(
    { status, stdout, stderr },
    { status: 0, stdout: '', stderr: 'hugepool: note: nothing to do\n' },
  )
})

/** Where a write would change the machine: its tree, the pseudo file systems, the lock. */
const forbidden = (sysroot: string) =>
  new RegExp(`"(${sysroot}|/sys|/proc|/run|/var/lock)[/"].*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC)`)

t.test('a dry run opens nothing for writing, by the trace of its system calls', async (t) => {
  // One of each command and way to plan: a trace takes a second.
  for (const [name, words] of dryRuns.filter((_, at) => at % 3 === 1)) {
    const sysroot = treeCopy(t, name)
    const trace = traced(t, program, [...words.split(' '), '--dry-run', '--sysroot', sysroot])
    const opened = calls(trace, /^(open|openat|openat2|creat)\(/)
    t.ok(
      opened.some((call) => call.includes(`"${sysroot}/sys/`)),
      'the trace is one',
    )
    t.strictSame(
      opened.filter((call) => forbidden(sysroot).test(call)),
      [],
      words,
    )
    t.strictSame(calls(trace, /^(flock|set_mempolicy|rename|unlink|truncate|mkdir)/), [], words)
  }
})

t.test('a real run is seen in such a trace', async (t) => {
  const sysroot = treeCopy(t, 'no-1g')
  const trace = traced(t, program, ['resize', '2M=5', '--sysroot', sysroot])
  const written = calls(trace, forbidden(sysroot))
  t.equal(written.length, 1)
  t.match(written[0], 'hugepages-2048kB/nr_hugepages", O_WRONLY')
})

t.test('a dry run on the running kernel takes no lock either', async (t) => {
  const trace = traced(t, program, ['resize', '2M=+1', '--dry-run', '--leave', '0'])
  t.ok(
    calls(trace, /^openat\(.*"\/sys\/kernel\/mm\/hugepages/).length > 0,
    'the kernel was looked at',
  )
  t.strictSame(calls(trace, forbidden('/sys')), [])
  t.strictSame(calls(trace, /^flock/), [])
})
