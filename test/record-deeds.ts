import t from 'tap'
import type { Native } from '../src/kernel/native/native.ts'
import type { Tree } from '../src/kernel/tree.ts'
import type { Ports } from '../src/operations/ports.ts'
import { noteDeeds, portsNoting } from '../src/record-deeds.ts'

const failure = Object.assign(new Error('no'), { code: 'EIO' })

/** Ports that do nothing, or fail, and the deeds that are noted of them. */
const stage = (fails = false) => {
  const act = () => {
    if (fails) throw failure
  }
  const tree: Partial<Tree> = { root: '/', write: act, list: () => ['a'] }
  const native = { mount: act, moveMount: act, umount: act, fsopen: () => 7 }
  const deeds = noteDeeds()
  const ports = portsNoting(
    { tree, native: () => native as unknown as Native } as unknown as Ports,
    deeds,
  )
  return { ports, deeds }
}

t.test('what is written is noted, the last value of each file', async (t) => {
  const { ports, deeds } = stage()
  ports.tree.write('/a', '1')
  ports.tree.write('/b', '2')
  ports.tree.write('/a', '3')
  t.strictSame(deeds.all(), ['2 written to /b', '3 written to /a'])
  t.equal(ports.tree.root, '/')
  t.strictSame(ports.tree.list('/'), ['a'])
})

t.test('mounts are noted, unless they are taken back', async (t) => {
  const { ports, deeds } = stage()
  const native = ports.native()
  t.equal(ports.native(), native)
  t.equal(native.fsopen('hugetlbfs'), 7)
  native.mount('none', '/a', 'hugetlbfs', 0, '')
  native.mount('none', '/b', 'hugetlbfs', 33, '')
  native.moveMount(3, '/c')
  native.umount('/c', 8)
  native.umount('/d', 8)
  t.strictSame(deeds.all(), ['mounted on /a', 'remounted /b', 'unmounted /d'])
})

t.test('what fails is not noted', async (t) => {
  const { ports, deeds } = stage(true)
  t.throws(() => ports.tree.write('/a', '1'), failure)
  t.throws(() => ports.native().mount('none', '/a', 'hugetlbfs', 0, ''), failure)
  t.throws(() => ports.native().moveMount(3, '/a'), failure)
  t.throws(() => ports.native().umount('/a', 8), failure)
  t.strictSame(deeds.all(), [])
})

t.test('what came to nothing is forgotten', async (t) => {
  const { ports, deeds } = stage()
  ports.did?.('/a', '/a written')
  ports.did?.('/b', '/b written')
  ports.undid?.('/a')
  t.strictSame(deeds.all(), ['/b written'])
})

t.test('an error after the end of a command is no part of it', (t) => {
  const { ports, deeds } = stage()
  ports.tree.write('/a', '1')
  t.equal(deeds.areEnded(), false)
  deeds.end()
  t.strictSame([deeds.areEnded(), deeds.all()], [true, ['1 written to /a']])
  t.end()
})
