import t from 'tap'
import type { MountLine } from '../../../src/model/mounts/hugetlbfs-mount.ts'
import { hiddenAmong, mountOn } from '../../../src/model/mounts/mount-hidden.ts'
import * as fc from '../../helpers/property.ts'

const mount = (id: number, parent: number, target: string): MountLine => ({
  id,
  parent,
  device: '0:50',
  root: '/',
  target,
  flags: 'rw',
  type: 'hugetlbfs',
  source: 'none',
  options: 'rw,pagesize=2M',
})

const root = mount(10, 1, '/')
const ids = (mounts: Iterable<MountLine>) => [...mounts].map(({ id }) => id)
const hidden = (...mounts: readonly MountLine[]) => {
  const all = [root, ...mounts]
  return ids(hiddenAmong(all, all))
}

t.test('mounts beside and below each other hide nothing', async (t) => {
  t.strictSame(hidden(), [])
  t.strictSame(hidden(mount(11, 10, '/a'), mount(12, 10, '/ab'), mount(13, 10, '/b')), [])
  t.strictSame(hidden(mount(11, 10, '/a'), mount(12, 11, '/a/b'), mount(13, 12, '/a/b/c')), [])
  t.strictSame(hidden(mount(11, 10, '/a/b'), mount(12, 10, '/a/bc'), mount(13, 10, '/a/b c')), [])
})

t.test('a mount on the same directory hides all that are under it', async (t) => {
  t.strictSame(hidden(mount(11, 10, '/a'), mount(12, 11, '/a')), [11])
  const stack = [mount(11, 10, '/a'), mount(12, 11, '/a'), mount(13, 12, '/a')]
  t.strictSame(hidden(...stack), [11, 12])
  t.strictSame(hidden(...stack.toReversed()), [12, 11], 'in whatever order they come')
})

t.test('a mount on a directory above hides it', async (t) => {
  t.strictSame(hidden(mount(11, 10, '/a/b/huge'), mount(12, 10, '/a')), [11])
  t.strictSame(hidden(mount(11, 10, '/a/b/huge'), mount(12, 10, '/a/b')), [11])
  t.strictSame(hidden(mount(11, 10, '/a'), mount(12, 11, '/a/b')), [], 'one below does not')
})

t.test('what is mounted on a hidden mount is hidden too', async (t) => {
  const below = [mount(11, 10, '/a'), mount(12, 11, '/a/b'), mount(13, 12, '/a/b/c')]
  t.strictSame(hidden(...below, mount(14, 11, '/a')), [11, 12, 13])
  t.strictSame(hidden(...below, mount(14, 10, '/a/b/c')), [14], 'what is hidden hides nothing')
})

t.test('a new root hides all that was there', async (t) => {
  t.strictSame(hidden(mount(11, 10, '/a'), mount(12, 10, '/')), [10, 11])
  t.strictSame(hidden(mount(11, 10, '/'), mount(12, 11, '/a')), [10])
})

t.test('a root that is its own parent, parents that are not shown, and circles', async (t) => {
  const own = mount(10, 10, '/')
  const all = [own, mount(11, 10, '/a'), mount(12, 11, '/a')]
  t.strictSame(ids(hiddenAmong(all, all)), [11])
  t.strictSame(hidden(mount(11, 99, '/a'), mount(12, 98, '/a')), [])
  t.strictSame(hidden(mount(11, 12, '/a'), mount(12, 11, '/b')), [], 'garbage comes to an end')
})

t.test('only those that are asked for', async (t) => {
  const [one, two, other] = [mount(11, 10, '/a'), mount(12, 11, '/a'), mount(13, 12, '/a')]
  t.strictSame(ids(hiddenAmong([one], [root, one, two, other])), [11])
  t.strictSame(ids(hiddenAmong([other], [root, one, two, other])), [])
})

t.test('what a path leads to', async (t) => {
  const all = [root, mount(11, 10, '/a'), mount(12, 11, '/a'), mount(13, 10, '/b/c')]
  t.equal(mountOn('/a', all)?.id, 12)
  t.equal(mountOn('/a', all.toReversed())?.id, 12, 'by what it stands on, not by its line')
  t.equal(mountOn('/b/c', all)?.id, 13)
  t.equal(mountOn('/b', all), undefined)
  t.equal(mountOn('/b/c', [...all, mount(14, 10, '/b')]), undefined, 'hidden from above')
  t.equal(mountOn('/', all)?.id, 10)
})

t.test('property: of a stack all but the last are hidden', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat({ max: 1e6 })), (depth, order) => {
      const stack = Array.from({ length: depth }, (_, index) => mount(11 + index, 10 + index, '/a'))
      const all = [root, ...stack].sort((a, b) => (order[a.id - 10] ?? 0) - (order[b.id - 10] ?? 0))
      return hiddenAmong(all, all).size === depth - 1 && mountOn('/a', all)?.id === 10 + depth
    }),
  )
})
