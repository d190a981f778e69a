import t from 'tap'
import { completionFacts } from '../../../src/cli/completion/completion-facts.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { treeOf } from '../../helpers/run.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('what a machine has', async (t) => {
  const facts = completionFacts(treeOf('two-nodes'))
  t.strictSame(facts.sizes(), [2n * M, G])
  t.equal(facts.defaultSize(), 2n * M)
  t.strictSame(facts.nodes(), [0, 1])
})

t.test('where nothing can be read there is nothing to offer', async (t) => {
  const { sizes, defaultSize, nodes, mounts, holders, settings, users, groups, cgroups } =
    completionFacts(directoryTree('/nonexistent'))
  t.equal(defaultSize(), undefined)
  for (const read of [sizes, nodes, mounts, holders, users, groups, cgroups])
    t.strictSame(read?.(), [])
  t.ok(settings)
})
