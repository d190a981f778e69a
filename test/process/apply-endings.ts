import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { filesBelow, installed, spawnLine, spawnProgram, treeCopy } from '../helpers/run.ts'

const program = installed()
const onNode = (node: number) =>
  `sys/devices/system/node/node${node}/hugepages/hugepages-2048kB/nr_hugepages`
const overcommit = 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages'
const [first, second] = [onNode(1), onNode(0)]
const dropIn = 'etc/hugepool.d/50-hugepool.toml'

/** A recorded machine of two nodes, whose pool shrinks on node 1 before it grows on node 0. */
const machine = (t: Test) => {
  const root = treeCopy(t, 'two-nodes')
  // A recording has no kernel that would take surplus away.
  for (const pool of ['devices/system/node/node1', 'kernel/mm'])
    writeFileSync(join(root, 'sys', pool, 'hugepages/hugepages-2048kB/surplus_hugepages'), '0\n')
  const has = (path: string) => Number(readFileSync(join(root, path), 'utf8'))
  const [fewer, more] = [has(first) - 1, has(second) + 2]
  mkdirSync(join(root, 'etc/hugepool.d'), { recursive: true })
  writeFileSync(
    join(root, 'etc/hugepool.toml'),
    `[pools.2M]\npages = "0:${more},1:${fewer}"\novercommit = 77\n`,
  )
  return {
    root,
    words: (...words: readonly string[]) => [...words, '--sysroot', root],
    now: () => [first, second, overcommit].map(has),
    wanted: [fewer, more, 77],
  }
}

/** How strace(1) holds the program before it writes a file, so that something can come about first. */
const heldAt = (file: string): string =>
  `exec strace -f --seccomp-bpf -qq -o /dev/null -P '${file}' -e trace=write -e inject=write:delay_enter=400000 "$@"`

t.test('a reader that goes away amid the steps keeps none of them from being done', async (t) => {
  const { root, words, now, wanted } = machine(t)
  const [from] = now()
  const line = `{ (${heldAt(join(root, second))}); echo "status $?" >&2; } | {
    while [ "$(cat '${join(root, first)}')" = ${from} ]; do sleep 0.01; done
    cat '${join(root, second)}' >&2
  }`
  const [, more] = now()
  const { stdout, stderr } = spawnLine(line, program, words('apply'))
  t.strictSame(
    { stdout, stderr, now: now() },
    {
      stdout: '',
      stderr: `${more}\nhugepool: note: the machine is as the configuration wants it\nstatus 0\n`,
      now: wanted,
    },
    'it was gone before the second step',
  )
  const checked = spawnProgram(program, words('check'))
  t.equal(checked.status, 0, checked.stderr)
  const before = filesBelow(root)
  t.equal(spawnProgram(program, words('apply')).status, 0)
  t.strictSame(filesBelow(root), before, 'and nothing is left to do')
})

t.test('streams that nobody can write to', async (t) => {
  const note = 'hugepool: note: the machine is as the configuration wants it\n'
  const toldAnyway = [
    '35 written to /sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages',
    '66 written to /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages',
    '77 written to /sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages',
  ]
    .map((deed) => `hugepool: done before that: ${deed}\n`)
    .join('')
  const cases: readonly (readonly [string, number, string])[] = [
    [
      '>/dev/full',
      1,
      `${note}hugepool: standard output: no space left on device (ENOSPC)\n${toldAnyway}`,
    ],
    ['>&-', 0, note],
    ['2>&- >/dev/null', 0, ''],
    ['2>/dev/full >/dev/null', 0, ''],
  ]
  for (const [to, status, stderr] of cases) {
    const { words, now, wanted } = machine(t)
    const told = spawnLine(`exec "$@" ${to}`, program, words('apply'))
    t.strictSame(
      { status: told.status, stderr: told.stderr, now: now() },
      { status, stderr, now: wanted },
      to,
    )
  }
})

/** Runs hugepool where calls, or those of them that name a path, are answered with EROFS. */
const onReadOnly = (calls: readonly string[], words: readonly string[], path?: string) => {
  const named = calls.map((each) => `?${each}`).join(',')
  const inject = ['-e', `trace=${named}`, '-e', `inject=${named}:error=EROFS`]
  const at = path === undefined ? [] : ['-P', path]
  const under = ['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', ...at, ...inject]
  const { status, stdout, stderr } = spawnProgram(program, words, { under })
  return { status, stdout, stderr }
}

const hint = 'hint: make /etc writable, or write it where the image of this machine is made\n'
const readOnly = `hugepool: /${dropIn}: read-only file system\n${hint}`

t.test('nothing is changed where /etc is read-only', async (t) => {
  const { root, words } = machine(t)
  const before = filesBelow(root)
  const directory = join(root, 'etc/hugepool.d')
  const change = (line: string) =>
    onReadOnly(['access', 'faccessat', 'faccessat2'], words(...line.split(' ')), directory)
  for (const line of [
    'resize 2M=50 --persist',
    'resize 2M=50 --persist=only',
    'overcommit 2M=9 --persist',
  ])
    t.strictSame(change(line), { status: 3, stdout: '', stderr: readOnly }, line)
  const { status, stdout, stderr } = change('resize 2M=50 --persist --json')
  const { error } = JSON.parse(stdout)
  t.strictSame([status, error.code, stderr], [3, 'E_PERMISSION', readOnly])
  t.strictSame(filesBelow(root), before)
})

t.test('what is changed stays where /etc becomes read-only meanwhile', async (t) => {
  const { root, words } = machine(t)
  const { status, stdout, stderr } = onReadOnly(
    ['rename', 'renameat', 'renameat2'],
    words('resize', '2M=50', '--persist'),
  )
  t.equal(status, 64)
  t.match(stdout, /^2M +all .* done$/m)
  t.equal(stderr, `hugepool: the pools are changed, and /${dropIn} is as it was\n${readOnly}`)
  t.equal(
    readFileSync(
      join(root, 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'),
      'utf8',
    ).trim(),
    '50',
  )
  t.strictSame(
    Object.keys(filesBelow(join(root, 'etc'))),
    ['hugepool.d', 'hugepool.toml'],
    'nothing in the making stays',
  )
})
