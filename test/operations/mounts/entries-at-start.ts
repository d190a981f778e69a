import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { fstabLine } from '../../../src/model/mounts/persist/fstab.ts'
import { entriesAtStart } from '../../../src/operations/mounts/entries-at-start.ts'
import { huge, scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

t.test('what mounts a directory at a start, as far as it can be seen', async (t) => {
  const root = temporary(t)
  scratch(root, { '/etc/fstab': `#\n${fstabLine(huge, false)}` })
  t.strictSame(entriesAtStart(directoryTree(root), huge.target), [
    { kind: 'fstab', path: '/etc/fstab', line: 2, own: true },
  ])
  const odd = temporary(t)
  scratch(odd, { '/etc/fstab/x': '' })
  t.strictSame(
    entriesAtStart(directoryTree(odd), huge.target),
    [],
    'a fault there is no fault here',
  )
  const broken = { ...directoryTree(root), root: undefined as never }
  t.throws(() => entriesAtStart(broken, huge.target), TypeError)
})
