import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { errorSchema } from '../../src/output/schemas/parts.ts'
import { parseExact } from '../helpers/json.ts'
import {
  calls,
  installed,
  spawnLine,
  spawnProgram,
  temporary,
  traced,
  treeCopy,
  treePath,
} from '../helpers/run.ts'

const program = installed()
const sysroot = ['--sysroot', treePath('two-nodes')]

/** What libc opens to count the processors, at any time: it does without. */
const libcFile = '/sys/devices/system/cpu/online'

/** The files that a command line opens once the launcher runs; of attributes, one in a directory. */
const openedBy = (words: readonly string[]): readonly string[] => {
  const opened = calls(traced(t, program, words), /^openat?\(.* = \d+$/).map(
    (call) => /"([^"]+)"/.exec(call)?.[1] ?? '',
  )
  const ours = opened.slice(opened.indexOf(program) + 1).filter((file) => file !== libcFile)
  const files = [...new Set(ours)]
  const kind = (file: string) => (file.includes('/sys/') ? dirname(file) : file)
  return files.filter((file, at) => files.findIndex((other) => kind(other) === kind(file)) === at)
}

/** Runs a command line whose opening of some files the kernel refuses. */
const without = (errno: string, files: readonly string[], words: readonly string[]) => {
  const inject = ['-e', 'trace=openat', '-e', `inject=openat:error=${errno}`]
  const paths = files.flatMap((file) => ['-P', file])
  const under = ['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', ...paths, ...inject]
  const { status, stdout, stderr } = spawnProgram(program, words, { under })
  // strace itself says how it understands a path with `..` in it.
  return { status, stdout, stderr: stderr.replace(/^strace: Requested path .*\n/gm, '') }
}

const results = new Map<string, ReturnType<typeof spawnProgram>>()

/** What a command line that changes nothing says where it lacks nothing; it is run once. */
const spawned = (words: readonly string[]) => {
  const result = results.get(words.join(' ')) ?? spawnProgram(program, words)
  results.set(words.join(' '), result)
  return result
}

/** Files that were tried: what every command line opens first is the same code for each. */
const tried = new Set<string>()

for (const words of [
  ['list', '-N', ...sysroot],
  ['mount', '/nowhere', '--mkdir', '--dry-run', ...sysroot],
])
  t.test(`a file that cannot be opened for want of a descriptor: ${words.join(' ')}`, async (t) => {
    const { status, stdout, stderr } = spawned(words)
    const files = openedBy(words).filter((file) => !tried.has(file))
    t.ok(files.length > 3, 'the files are found')
    const isNeedless = (file: string) => file.endsWith('.cache')
    const needless = files.filter(isNeedless)
    // Any of them that was needed would be noticed.
    t.strictSame(without('EMFILE', needless, words), { status, stdout, stderr }, 'code caches')
    for (const file of files) {
      tried.add(file)
      if (isNeedless(file)) continue
      t.match(
        without('EMFILE', [file], words),
        { status: 1, stdout: /^$/, stderr: /^hugepool: .*EMFILE.*\nhint: .*ulimit -n.*\n$/ },
        file,
      )
    }
  })

t.test('a part of the program that cannot be read for want of memory', async (t) => {
  const words = ['mount', '/nowhere', '--mkdir', '--dry-run', ...sysroot]
  const parts = openedBy(words).filter((file) => /\/dist\/.*\.js$/.test(file))
  t.ok(parts.length > 3, 'the parts are found')
  for (const [at, part] of parts.entries()) {
    const errno = at % 2 ? 'EAGAIN' : 'ENOMEM'
    t.match(
      without(errno, [part], words),
      { status: 1, stdout: /^$/, stderr: new RegExp(`^hugepool: .*\\b${errno}\\b.*\n`) },
      part,
    )
  }
})

t.test('what was done is told although nobody can look for those who hold pages', async (t) => {
  const copy = treeCopy(t, 'two-nodes')
  const overcommit = 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages'
  writeFileSync(join(copy, overcommit), '0\n')
  const words = ['resize', '2M=4', '--sysroot', copy]
  const part = openedBy([...words, '--dry-run']).find((file) => /holding-hints/.test(file)) ?? ''
  const { status, stdout, stderr } = without('ENOMEM', [part], words)
  t.equal(status, 64)
  t.match(stdout, /^2M +all +96 +4 .* partial$/m)
  t.match(
    stderr,
    /^hint: who holds the pages is not known: looking for them: the kernel has no memory for it \(ENOMEM\)$/m,
  )
})

t.test('the other shortages are no faults of the program either', async (t) => {
  const words = ['list', '-N', '--json', ...sysroot]
  const meminfo = join(treePath('two-nodes'), 'proc/meminfo')
  for (const errno of ['ENFILE', 'ENOMEM', 'EAGAIN']) {
    const { status, stdout, stderr } = without(errno, [meminfo], words)
    const { error } = errorSchema.parse(parseExact(stdout))
    t.strictSame([status, error.code], [1, 'E_KERNEL'], errno)
    t.ok(error.message.endsWith(`(${errno})`), error.message)
    t.ok(stderr.startsWith(`hugepool: ${error.message}\n`))
  }
  const table =
    openedBy(['list', ...sysroot]).find((file) => /\/with-table-\w+\.js$/.test(file)) ?? ''
  const result = without('ENOMEM', [table], ['list', ...sysroot])
  t.hasStrict(result, { status: 1, stdout: '' })
  t.match(
    result.stderr,
    /^hugepool: .*\/with-table-\w+\.js: the kernel has no memory for it \(ENOMEM\)\n$/,
  )
})

/** The fewest descriptors with which Node itself comes as far as a script. */
const leastForNode = (): number => {
  const script = join(temporary(t), 'script.js')
  writeFileSync(script, '')
  const isEnough = (limit: number) =>
    spawnLine(`ulimit -n ${limit}; exec "$@" 2>&-`, script).status === 0
  let [tooFew, enough] = [7, 64]
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (isEnough(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}

t.test('what is enough for Node is enough to show pools and to plan', async (t) => {
  const least = leastForNode()
  for (const words of [
    ['list', '-N', ...sysroot],
    ['list', '--json', ...sysroot],
    ['--help'],
    ['resize', '2M=+4', '--dry-run', ...sysroot],
    ['mounts', ...sysroot],
    ['mount', '/nowhere', '--mkdir', '--dry-run', ...sysroot],
  ]) {
    const { status, stdout, stderr } = spawned(words)
    const limited = spawnLine(`ulimit -n ${least}; exec "$@"`, program, words)
    t.hasStrict(limited, { status, stdout, stderr }, words.join(' '))
  }
})

t.test('a launcher without its program says so in one line', async (t) => {
  const bare = installed('dist')
  const { status, stdout, stderr } = spawnProgram(bare, ['list'])
  t.strictSame([status, stdout], [1, ''])
  t.match(stderr, /^hugepool: cannot start: ENOENT: .*hugepool\.js'\n$/)
  t.ok(readFileSync(bare, 'utf8').length < 4096, 'and is one page: each start reads it')
})
