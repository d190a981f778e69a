import t from 'tap'
import { readShmGroup } from '../../../src/kernel/processes/shm-group.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

t.test('the group, where the kernel shows one', async (t) => {
  const root = temporary(t)
  const tree = directoryTree(root)
  t.equal(readShmGroup(tree), undefined)
  for (const [text, group] of [
    ['0\n', 0n],
    ['1000\n', 1000n],
  ] as const) {
    scratch(root, { '/proc/sys/vm/hugetlb_shm_group': text })
    t.equal(readShmGroup(tree), group)
  }
})
