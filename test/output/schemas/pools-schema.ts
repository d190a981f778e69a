import t from 'tap'
import type { z } from 'zod'
import { directoryTree, type Tree } from '../../../src/kernel/tree.ts'
import { mountsSchema } from '../../../src/output/schemas/mounts-schema.ts'
import { commandsSchema, errorSchema } from '../../../src/output/schemas/parts.ts'
import {
  changeSchema,
  completionSchema,
  demoteSchema,
  dryRunSchema,
  listSchema,
  manSchema,
} from '../../../src/output/schemas/pools-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { run, treeCopy } from '../../helpers/run.ts'

/** Runs a command line with --json and reads what it printed as its schema has it. */
const document = async <T>(
  schema: z.ZodType<T>,
  tree: string | Tree,
  ...words: readonly string[]
) => {
  const { status, stdout } = await run([...words, '--json'], { tree })
  t.equal(stdout.trimEnd().split('\n').length, 1, 'one line')
  return { status, ...schema.parse(parseExact(stdout)) }
}

const copy = (name: string) => directoryTree(treeCopy(t, name))

t.test('resize: done', async (t) => {
  t.hasStrict(await document(changeSchema, copy('no-1g'), 'resize', '2M=64'), {
    status: 0,
    outcome: 'done',
    changes: [
      {
        pageSize: 2097152n,
        attribute: 'persistent',
        before: 16n,
        requested: 64n,
        after: 64n,
        short: 0n,
        outcome: 'done',
      },
    ],
    pools: [{ pageSize: 2097152n, total: 64n }],
  })
})

t.test('resize: unchanged', async (t) => {
  t.hasStrict(await document(changeSchema, copy('no-1g'), 'resize', '2M=16'), {
    status: 0,
    outcome: 'unchanged',
    changes: [{ outcome: 'unchanged' }],
  })
})

t.test('resize: partial on a node, with what the kernel shows of its memory', async (t) => {
  const tree = copy('one-node')
  const deaf = { ...tree, write: () => {} }
  t.hasStrict(await document(changeSchema, deaf, 'resize', '2M=0:128'), {
    status: 64,
    outcome: 'partial',
    changes: [
      {
        node: 0,
        requested: 128n,
        after: 100n,
        short: 28n,
        outcome: 'partial',
        shortage: [{ node: 0 }],
      },
    ],
  })
})

t.test('overcommit', async (t) => {
  t.hasStrict(await document(changeSchema, copy('one-node'), 'overcommit', '2M=7'), {
    status: 0,
    outcome: 'done',
    changes: [{ attribute: 'overcommit', before: 0n, requested: 7n, after: 7n }],
    pools: [{ overcommit: 7n }, {}],
  })
})

t.test('demote', async (t) => {
  t.hasStrict(await document(demoteSchema, copy('two-nodes'), 'demote', '1G=1'), {
    status: 64,
    outcome: 'partial',
    changes: [
      { pageSize: 2n ** 30n, to: 2n ** 21n, requested: 1n, demoted: 0n, outcome: 'partial' },
    ],
  })
})

t.test('dry runs', async (t) => {
  const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB'
  t.strictSame(await document(dryRunSchema, 'one-node', 'resize', '2M=512', '--dry-run'), {
    status: 0,
    version: 1,
    dryRun: true,
    writes: [{ path: `${pool}/nr_hugepages`, value: 512n }],
  })
  t.hasStrict(
    await document(dryRunSchema, 'one-node', 'resize', '2M=512', '--dry-run', '--mempolicy=bind:0'),
    { writes: [{ path: `${pool}/nr_hugepages_mempolicy`, mempolicy: { mode: 'bind' } }] },
  )
  const demote = await document(dryRunSchema, 'arm64-4k', 'demote', '1G=1', '--to=2M', '--dry-run')
  t.equal(demote.writes.length, 3)
  const nothing = await document(dryRunSchema, 'one-node', 'overcommit', '2M=0', '--dry-run')
  t.strictSame(nothing.writes, [])
})

t.test('mounts', async (t) => {
  const { status, mounts } = await document(mountsSchema, 'two-nodes', 'mounts')
  t.strictSame({ status, count: mounts.length }, { status: 0, count: 8 })
  t.strictSame(await document(mountsSchema, 'container', 'mounts'), {
    notes: ['no hugetlbfs is mounted'],
    status: 0,
    version: 1,
    mounts: [],
  })
})

t.test('a dry run of mount', async (t) => {
  const words = ['mount', '/mnt/x/y', '--mkdir', '--dry-run'] as const
  const { commands } = await document(commandsSchema, 'two-nodes', ...words)
  t.equal(commands.length, 4)
})

t.test('completion', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await run(['completion', shell, '--json'], { tree: 'one-node' })
    t.match(completionSchema.parse(JSON.parse(stdout)), { shell, script: /hugepool/ })
  }
})

t.test('man', async (t) => {
  const { stdout } = await run(['man', 'list', '--json'], { tree: 'one-node' })
  const { page, text } = manSchema.parse(JSON.parse(stdout))
  t.equal(page, 'hugepool-list.8')
  t.match(text, /list/)
})

t.test('list of a machine whose numbers need 64 bits', async (t) => {
  const tree = copy('one-node')
  tree.write(
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_overcommit_hugepages',
    `${2n ** 64n - 1n}`,
  )
  t.hasStrict(await document(listSchema, tree, 'list'), {
    pools: [{ overcommit: 2n ** 64n - 1n }, {}],
  })
})

t.test('errors of every command', async (t) => {
  for (const [status, words] of [
    [2, ['list', '2X']],
    [2, ['resize']],
    [2, ['resize', '2M=1x']],
    [4, ['resize', '64K=1']],
    [1, ['resize', '2M=9223372036854775807']],
    [2, ['overcommit', '2M=max']],
    [4, ['demote', '2M=1']],
    [1, ['demote', '1G=1']],
    [2, ['completion', 'ksh']],
    [4, ['mounts']],
    [2, ['mount', '/x', '--size', '1x']],
    [4, ['mount', '/x']],
    [2, ['bogus']],
    [2, ['list', '--bogus']],
  ] as const)
    t.equal((await document(errorSchema, 'one-node', ...words)).status, status, words.join(' '))
})
