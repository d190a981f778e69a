import { mkdirSync, readlinkSync, realpathSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withHeldTargets } from '../../../src/kernel/native/held-targets.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { temporary } from '../../helpers/run.ts'

/** What a path by a descriptor leads to while it is open. */
const named = (reach: string): string =>
  reach.replace(/^\/proc\/self\/fd\/\d+/, (link) => readlinkSync(link))

t.test('mounts are made and taken off where a path leads without links', async (t) => {
  const top = realpathSync(temporary(t))
  mkdirSync(join(top, 'one/huge'), { recursive: true })
  const calls: (readonly unknown[])[] = []
  const native = withHeldTargets(
    nativeWith({
      flock: (...words) => calls.push(['flock', ...words]),
      mount: (source, target, ...rest) => calls.push(['mount', source, named(target), ...rest]),
      moveMount: (mount, target) => calls.push(['moveMount', mount, named(target)]),
      umount: (target, flags) => calls.push(['umount', named(target), flags]),
    }),
  )
  const target = join(top, 'one/huge')
  native.mount('none', target, 'hugetlbfs', 3, 'a=b')
  native.moveMount(7, target)
  native.umount(target, 8)
  native.flock(1, 2)
  t.strictSame(calls, [
    ['mount', 'none', `${target}/.`, 'hugetlbfs', 3, 'a=b'],
    ['moveMount', 7, target],
    ['umount', target, 8],
    ['flock', 1, 2],
  ])
  renameSync(join(top, 'one'), join(top, 'moved'))
  symlinkSync('moved', join(top, 'one'))
  const refused = { code: 'E_REFUSED', reason: 'changed' }
  t.throws(() => native.mount('none', target, 'hugetlbfs', 3, ''), refused)
  t.throws(() => native.moveMount(7, target), refused)
  t.throws(() => native.umount(target, 8), refused)
  t.equal(calls.length, 4)
})
