import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { printConfiguration } from '../../../src/model/config/print-configuration.ts'
import { applySchema } from '../../../src/output/schemas/desired-schema.ts'
import { configurations, readText, said } from '../../helpers/config.ts'
import type { FakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../../helpers/json.ts'
import { onFake } from '../../helpers/on-fake.ts'
import * as fc from '../../helpers/property.ts'
import { cook, recipes } from '../../helpers/recipes.ts'
import { filesBelow, run, temporary, treeCopy, treeNames } from '../../helpers/run.ts'

const count = fc.oneof(fc.nat({ max: 12 }), fc.constantFrom(3000, 99999))
const onNodes = fc
  .uniqueArray(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 })
  .chain((nodes) => fc.tuple(...nodes.map((node) => count.map((pages) => `${node}:${pages}`))))
  .map((words) => `"${words.join(',')}"`)
const atLeast = count.map((pages) => `">=${pages}"`)
const pages = fc.oneof(count.map(String), onNodes, atLeast)
const yes = fc.boolean().map((is) => (is ? 'true' : 'false'))

const table = (size: string) =>
  fc
    .tuple(pages, fc.nat({ max: 9 }), yes, yes, fc.boolean())
    .map(([words, overcommit, essential, optional, hasLimit]) =>
      [
        `[pools.${size}]`,
        `pages = ${words}`,
        `essential = ${essential}`,
        `optional = ${optional}`,
        ...(hasLimit ? [`overcommit = ${overcommit}`] : []),
      ].join('\n'),
    )

const texts = fc
  .tuple(table('2M'), table('1G'), table('16M'), fc.subarray([0, 1, 2], { minLength: 1 }))
  .map(([small, large, missing, which]) =>
    which.map((index) => [small, large, missing][index]).join('\n'),
  )

const prepared = (kernel: FakeKernel): FakeKernel => {
  kernel.extra.set('/proc/self/mountinfo', '1 0 0:1 / / rw - ext4 /dev/vda rw\n')
  return kernel
}

const demand = (holds: boolean, words: string): void => {
  if (!holds) throw new Error(words)
}

/** A lack of what is not essential is tried again. */
const isWhole = (table: string): boolean => !/ (?:drift|short) /.test(table)

/** Applies a file twice, and looks at the machine in between. Returns whether it is as wanted. */
const applyTwice = async (kernel: FakeKernel, file: string): Promise<boolean> => {
  const first = await onFake(kernel, `check --config ${file}`)
  const planned = await onFake(kernel, `apply --config ${file} --dry-run`)
  demand(kernel.writes.length === 0, 'a dry run writes')
  const { status, stderr } = await onFake(kernel, `apply --config ${file}`)
  demand(status === 0 || status === 64, `${status}: ${stderr}`)
  demand(planned.status === 0 || status === 64, 'the dry run foretold a shortage')
  const before = kernel.writes.length
  const isNeeded = first.status !== 0 || !isWhole(first.stdout)
  demand(isNeeded || before === 0, `writes to what is as wanted: ${JSON.stringify(kernel.writes)}`)
  const checked = await onFake(kernel, `check --config ${file}`)
  demand(checked.status === (status === 0 ? 0 : 5), `check: ${checked.stdout}`)
  const again = await onFake(kernel, `apply --config ${file}`)
  demand(again.status === status, `${status}, then ${again.status}`)
  const same = status !== 0 || !isWhole(checked.stdout) || kernel.writes.length === before
  demand(same, `writes again: ${JSON.stringify(kernel.writes.slice(before))}`)
  return status === 0
}

t.test('after apply check is 0, and a second apply writes nothing', async (t) => {
  const file = join(temporary(t), 'hugepool.toml')
  let done = 0
  await fc.assert(
    fc.asyncProperty(recipes, texts, async (recipe, text) => {
      writeFileSync(file, text)
      if (await applyTwice(prepared(cook(recipe)), file)) done += 1
    }),
    { numRuns: 25 },
  )
  t.ok(done > 4, `${done} of them were as wanted`)
})

t.test('all or nothing leaves a machine as wanted, or as it was', async (t) => {
  const file = join(temporary(t), 'hugepool.toml')
  await fc.assert(
    fc.asyncProperty(recipes, texts, async (recipe, text) => {
      writeFileSync(file, text)
      const kernel = prepared(cook(recipe))
      const before = kernel.snapshot()
      const line = `apply --config ${file} --all-or-nothing`
      const { status, stderr } = await onFake(kernel, line)
      if (status === 0) return
      if (status !== 1) throw new Error(`${status}: ${stderr}`)
      if (stderr.includes('fell short') || stderr.includes('keeps')) return
      t.strictSame(kernel.snapshot(), before)
    }),
    { numRuns: 20 },
  )
})

t.test('no configuration is a fault of the program', async (t) => {
  const file = join(temporary(t), 'hugepool.toml')
  await fc.assert(
    fc.asyncProperty(recipes, configurations, async (recipe, said) => {
      writeFileSync(file, printConfiguration(said))
      for (const line of ['check', 'check --json', 'apply --dry-run', 'apply --dry-run --json']) {
        const { status, stderr } = await onFake(prepared(cook(recipe)), `${line} --config ${file}`)
        if (![0, 2, 5, 64].includes(Number(status))) throw new Error(`${line}: ${stderr}`)
      }
    }),
    { numRuns: 25 },
  )
})

t.test('what export says of a machine is as wanted there', async (t) => {
  for (const name of treeNames.filter((each) => each !== 'no-hugetlb'))
    for (const words of [['export'], ['export', '--all']]) {
      const root = treeCopy(t, name)
      const tree = directoryTree(root)
      const file = join(temporary(t), 'hugepool.toml')
      const { stdout: text } = await run(words, { tree })
      writeFileSync(file, text)
      const before = filesBelow(root)
      const say = `${words.join(' ')} of ${name}`
      t.equal((await run(['check', '--config', file], { tree })).status, 0, say)
      const planned = await run(['apply', '--config', file, '--dry-run'], { tree })
      t.strictSame([planned.status, planned.stdout], [0, ''], say)
      const applied = await run(['apply', '--config', file, '--json'], { tree })
      const { outcome, state } = applySchema.parse(parseExact(applied.stdout))
      t.strictSame([applied.status, outcome, state], [0, 'unchanged', 'configured'], say)
      t.strictSame(filesBelow(root), before, `${say}: nothing is written`)
      const plain = text.replaceAll(/^#.*\n/gm, '').trimStart()
      t.equal(printConfiguration(said(readText(text))), plain, `${say}: it reads as it was printed`)
    }
})
