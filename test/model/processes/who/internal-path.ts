import t from 'tap'
import {
  isAnonymousPath,
  isInternalPath,
  isSegmentPath,
} from '../../../../src/model/processes/who/internal-path.ts'

t.test('files of the kernel, by what /proc shows of them', async (t) => {
  const kinds = (path: string) => [isAnonymousPath(path), isSegmentPath(path), isInternalPath(path)]
  t.strictSame(kinds('/anon_hugepage (deleted)'), [true, false, true])
  t.strictSame(kinds('/SYSV00000000 (deleted)'), [false, true, true])
  t.strictSame(kinds('/memfd:pages (deleted)'), [false, false, true])
  t.strictSame(kinds('/mnt/huge/file'), [false, false, false])
  t.strictSame(kinds('/mnt/memfd:/SYSV/anon_hugepage'), [false, false, false])
})
