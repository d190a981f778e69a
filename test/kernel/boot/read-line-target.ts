import t from 'tap'
import { readBootMachine } from '../../../src/kernel/boot/read-boot-machine.ts'
import { readLineTarget } from '../../../src/kernel/boot/read-line-target.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { temporary, treeOf } from '../../helpers/run.ts'

t.test('the kernel and the machine that read a line', async (t) => {
  const tree = treeOf('two-nodes')
  t.strictSame(readLineTarget(tree), { series: [6, 12], machine: readBootMachine(tree) })
})

t.test('a kernel that does not tell its release is one of the newest', async (t) => {
  t.strictSame(readLineTarget(directoryTree(temporary(t))).series, [7, 3])
})
