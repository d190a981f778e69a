import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import {
  applySchema,
  checkSchema,
  plannedApplySchema,
} from '../../src/output/schemas/desired-schema.ts'
import { isEmulated, untraceable } from '../helpers/emulated.ts'
import { parseExact } from '../helpers/json.ts'
import { filesBelow, installed, spawnLine, treeCopy } from '../helpers/run.ts'

t.setTimeout(120_000)

/** What configuration management asks of check and apply: it parses documents, and never words. */
const program = installed()
const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {}
const tmpfiles = '/etc/tmpfiles.d/pages.conf'
const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'

/** A recorded machine of two nodes that has 64 and 36 pages of 2M, and another who sets them. */
const machine = (t: Test) => {
  const root = treeCopy(t, 'two-nodes')
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  // A recording has no kernel that would take surplus away.
  for (const where of ['/sys/devices/system/node/node1', '/sys/kernel/mm'])
    put(join(where, 'hugepages/hugepages-2048kB/surplus_hugepages'), '0\n')
  put(tmpfiles, `w ${pool} - - - - 9\n`)
  return root
}

/** Runs hugepool with a configuration on standard input, which stays open behind it. */
const given = (root: string, text: string, line: string, as: { readonly uid?: number } = {}) => {
  const words = [...line.split(' '), '--json', '--config', '-', '--sysroot', root]
  const shell = `printf '%s' "$CONFIG" | exec "$@"`
  const environment = { CONFIG: text }
  const { status, stdout } = spawnLine(shell, program, words, { environment, ...as })
  return { status, document: parseExact(stdout) }
}

const wanted = '[pools.2M]\npages = "0:60,1:40"\novercommit = 8\n'
const of2M = { pageSize: 2097152n, essential: true }
const changes = [
  { attribute: 'persistent', ...of2M, node: 0, key: 'pools.2M.pages', before: 64n, requested: 60n },
  { attribute: 'persistent', ...of2M, node: 1, key: 'pools.2M.pages', before: 36n, requested: 40n },
  { attribute: 'overcommit', ...of2M, key: 'pools.2M.overcommit', before: 16n, requested: 8n },
]

t.test('without a right: what would be changed, and who else sets it', async (t) => {
  const root = machine(t)
  const before = filesBelow(root)
  const check = given(root, wanted, 'check', nobody)
  const {
    state,
    rebootRequired,
    changes: told,
    items,
    writers,
    ...rest
  } = checkSchema.parse(check.document)
  t.strictSame(
    { status: check.status, state, rebootRequired, told, nextBoot: rest.nextBoot },
    { status: 5, state: 'not', rebootRequired: false, told: changes, nextBoot: undefined },
  )
  t.strictSame(
    items.map(({ key, wanted, found, state, line }) => ({ key, wanted, found, state, line })),
    [
      { key: 'pools.2M.pages', wanted: 60n, found: 64n, state: 'drift', line: 2 },
      { key: 'pools.2M.pages', wanted: 40n, found: 36n, state: 'drift', line: 2 },
      { key: 'pools.2M.overcommit', wanted: 8n, found: 16n, state: 'drift', line: 3 },
    ],
  )
  t.strictSame(writers, [
    {
      source: 'tmpfiles',
      attribute: 'persistent',
      pageSize: 2097152n,
      value: '9',
      file: tmpfiles,
      line: 1,
      when: 'after',
      wins: true,
      agrees: false,
    },
  ])
  const dry = given(root, wanted, 'apply --dry-run', nobody)
  const planned = plannedApplySchema.parse(dry.document)
  t.strictSame(
    { status: dry.status, changes: planned.changes, state: planned.state },
    { status: 0, changes, state },
    'a dry run has the same',
  )
  t.strictSame(filesBelow(root), before, 'and nothing is written')
})

t.test('done, then unchanged', async (t) => {
  const root = machine(t)
  const first = given(root, wanted, 'apply')
  const done = applySchema.parse(first.document)
  t.strictSame(
    { status: first.status, outcome: done.outcome, state: done.state, changes: done.changes },
    {
      status: 0,
      outcome: 'done',
      state: 'configured',
      changes: changes.map((each) => ({ ...each, after: each.requested, outcome: 'done' })),
    },
  )
  const before = filesBelow(root)
  const second = given(root, wanted, 'apply')
  const again = applySchema.parse(second.document)
  t.strictSame(
    { status: second.status, outcome: again.outcome, changes: again.changes },
    { status: 0, outcome: 'unchanged', changes: [] },
  )
  const check = given(root, wanted, 'check', nobody)
  const { state, changes: left } = checkSchema.parse(check.document)
  t.strictSame({ status: check.status, state, left }, { status: 0, state: 'configured', left: [] })
  t.strictSame(filesBelow(root), before)
})

t.test('what falls short can be told from what failed', async (t) => {
  const root = machine(t)
  const text = `${wanted}[pools.16M]\npages = 3\n`
  const dry = given(root, text, 'apply --dry-run')
  t.strictSame([dry.status, plannedApplySchema.parse(dry.document).state], [64, 'not'])
  const { status, document } = given(root, text, 'apply')
  const { outcome, state, changes: made, items } = applySchema.parse(document)
  t.strictSame(
    { status, outcome, state, made: made.map(({ key, outcome }) => [key, outcome]) },
    {
      status: 64,
      outcome: 'partial',
      state: 'partly',
      made: [
        ['pools.16M.pages', 'partial'],
        ['pools.2M.pages', 'done'],
        ['pools.2M.pages', 'done'],
        ['pools.2M.overcommit', 'done'],
      ],
    },
  )
  t.strictSame(made[0]?.error?.code, 'E_UNSUPPORTED')
  t.equal(items.find(({ key }) => key === 'pools.16M.pages')?.state, 'missing')
})

t.test('what only another start brings', async (t) => {
  const root = machine(t)
  const text = '[pools.2M]\novercommit = 16\n[boot]\nfree-vmemmap = true\n'
  for (const line of ['check', 'apply']) {
    const { status, document } = given(root, text, line)
    const { state, rebootRequired, nextBoot, items, changes } = document as Record<string, unknown>
    t.strictSame(
      { status, state, rebootRequired, nextBoot, changes },
      {
        status: 0,
        state: 'configured',
        rebootRequired: true,
        nextBoot: ['boot.free-vmemmap'],
        changes: [],
      },
      line,
    )
    t.strictSame(
      (items as readonly { state: string }[]).map((each) => each.state),
      ['ok', 'next-boot'],
      line,
    )
  }
})

t.test('what cannot be seen is neither yes nor no', async (t) => {
  const root = machine(t)
  writeFileSync(join(root, 'proc/sys/vm/hugetlb_shm_group'), 'nonsense\n')
  const { status, document } = given(root, '[tune]\nshm-group = 5\n', 'check')
  const { items, state } = checkSchema.parse(document)
  t.strictSame(
    { status, state, items: items.map((item) => item.state) },
    { status: 64, state: 'not', items: ['unknown'] },
  )
})

t.test('errors have codes', async (t) => {
  const root = machine(t)
  const before = filesBelow(root)
  const codeOf = (text: string, line: string, as = {}) => {
    const { status, document } = given(root, text, line, as)
    const { error } = document as { error: { code: string; reason: string } }
    return [status, error.code, error.reason]
  }
  t.strictSame(codeOf('pools = 1\n', 'check'), [2, 'E_CONFIG', 'wrong-words'])
  t.strictSame(codeOf(wanted, 'apply --no-such-option'), [2, 'E_USAGE', 'wrong-words'])
  const beyond = `${wanted}[pools.16M]\npages = 3\n`
  t.strictSame(codeOf(beyond, 'apply --all-or-nothing'), [1, 'E_REFUSED', 'no-size'])
  if (nobody.uid !== undefined)
    t.strictSame(codeOf(wanted, 'apply', nobody), [
      3,
      'E_PERMISSION',
      isEmulated ? 'user-namespace' : 'not-root',
    ])
  t.strictSame(filesBelow(root), before)
})

const asked = 'nobody is asked anything: no terminal, and no standard input, is read'
t.test(asked, { skip: untraceable }, async (t) => {
  const root = machine(t)
  const file = join(root, 'wanted.toml')
  writeFileSync(file, wanted)
  const words = ['apply', '--json', '--config', file, '--sysroot', root]
  const trace = join(root, 'trace')
  const line = `mkfifo '${root}/never'; exec strace -f --seccomp-bpf -qq -o '${trace}' -e trace=read,ioctl "$@" 0<>'${root}/never'`
  const { status } = spawnLine(line, program, words)
  t.equal(status, 0)
  t.strictSame(
    readFileSync(trace, 'latin1')
      .split('\n')
      .filter((each) => /\bread\(0,/.test(each)),
    [],
  )
})
