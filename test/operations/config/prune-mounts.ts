import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import type { Configuration } from '../../../src/model/config/configuration.ts'
import type { RecordedMount } from '../../../src/model/config/recorded-mount.ts'
import { findUnnamed, pruneMounts } from '../../../src/operations/config/prune-mounts.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { type Errno, systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from '../../helpers/fake-native.ts'
import { scratch } from '../../helpers/persist.ts'
import { treeCopy } from '../../helpers/run.ts'

const recordPath = '/run/record.json'
const mountinfo = '/proc/self/mountinfo'
const fstab = 'hugetlbfs /mnt/a hugetlbfs pagesize=2M 0 0\n'

const line = (id: number, target: string, type = 'hugetlbfs') =>
  `${id} 1 0:${id} / ${target} rw,relatime - ${type} none rw,pagesize=2M\n`
const recorded = (id: number, target: string): RecordedMount => ({ target, id, device: `0:${id}` })

const all = [recorded(5, '/mnt/a'), recorded(6, '/mnt/b'), recorded(7, '/mnt/c')]
const mounted = `1 0 0:1 / / rw - ext4 none rw\n${line(5, '/mnt/a')}${line(6, '/mnt/b')}${line(7, '/mnt/c')}`

/** A machine with three mounts of hugepool's making, and what is unmounted of it. */
const stage = (t: Test, lines = mounted, record: readonly RecordedMount[] = all) => {
  const root = treeCopy(t, 'two-nodes')
  scratch(root, {
    [mountinfo]: lines,
    [recordPath]: JSON.stringify(record),
    '/etc/fstab': fstab,
  })
  for (const name of ['a', 'b', 'c']) mkdirSync(join(root, 'mnt', name), { recursive: true })
  const calls: string[] = []
  const refused = new Map<string, Errno>()
  const umount = (target: string, flags: number) => {
    calls.push(`${target} ${flags}`)
    const errno = refused.get(target)
    if (errno !== undefined) throw systemError(errno, 'umount')
    const text = readFileSync(join(root, mountinfo), 'latin1')
    const rest = text.split('\n').filter((each) => !each.includes(` ${target} `))
    scratch(root, { [mountinfo]: rest.join('\n') })
  }
  const tree = directoryTree(root)
  const ports = { tree, native: () => nativeWith({ umount }) } as unknown as Ports
  const text = (path: string) => readFileSync(join(root, path), 'latin1')
  return { root, tree, ports, calls, refused, text }
}

const naming = (...targets: readonly string[]) =>
  ({ mounts: targets.map((target) => ({ request: { target } })) }) as unknown as Configuration

t.test('what was made, is there, and is named no more', async (t) => {
  const { tree, root } = stage(t)
  t.strictSame(findUnnamed(tree, naming('/mnt/b'), recordPath), [all[0], all[2]])
  t.strictSame(findUnnamed(tree, naming('/mnt/a', '/mnt/b', '/mnt/c'), recordPath), [])
  symlinkSync('mnt', join(root, 'link'))
  t.strictSame(findUnnamed(tree, naming('/link/a', '/mnt/b'), recordPath), [all[2]], 'by a link')
  t.strictSame(findUnnamed(tree, naming('/etc/fstab/x/y', '/mnt/b', '/mnt/c'), recordPath), [
    all[0],
  ])
})

t.test('what is gone, or is another mount by now, is none of them', async (t) => {
  const others = `${line(8, '/mnt/a')}${line(6, '/mnt/b', 'tmpfs')}${line(7, '/mnt/c')}`
  const { tree } = stage(t, others)
  t.strictSame(findUnnamed(tree, naming(), recordPath), [all[2]])
})

t.test('without a record there are none', async (t) => {
  const { tree, root } = stage(t, mounted, [])
  t.strictSame(findUnnamed(tree, naming(), recordPath), [])
  t.strictSame(findUnnamed(tree, naming(), '/run/nothing'), [])
  scratch(root, { [recordPath]: 'garbage' })
  t.strictSame(findUnnamed(tree, naming(), recordPath), [])
})

t.test('they are unmounted, and noted no more; what starts them stays', async (t) => {
  const { ports, calls, text } = stage(t)
  const [a, , c] = all
  t.strictSame(await pruneMounts(ports, [a, c] as RecordedMount[], recordPath), [
    { target: '/mnt/a', isPruned: true },
    { target: '/mnt/c', isPruned: true },
  ])
  t.strictSame(calls, ['/mnt/a 8', '/mnt/c 8'], 'no link is followed, and none is lazy')
  t.strictSame(JSON.parse(text(recordPath)), [all[1]])
  t.equal(text('/etc/fstab'), fstab)
})

t.test('one that is busy stays, and keeps no other', async (t) => {
  const { ports, refused, text } = stage(t)
  refused.set('/mnt/a', 'EBUSY')
  const [one, other, ...more] = await pruneMounts(ports, all.slice(0, 2), recordPath)
  t.strictSame(
    [one?.target, one?.isPruned, one?.error?.reason, other, more],
    ['/mnt/a', false, 'busy', { target: '/mnt/b', isPruned: true }, []],
  )
  t.strictSame(JSON.parse(text(recordPath)), [all[0], all[2]])
})

t.test('where none goes the record is not written', async (t) => {
  const { ports, refused, text, root, calls } = stage(t)
  t.strictSame(await pruneMounts(ports, [], recordPath), [])
  t.strictSame(calls, [])
  refused.set('/mnt/a', 'EBUSY')
  const before = text(recordPath)
  await pruneMounts(ports, all.slice(0, 1), recordPath)
  t.equal(text(recordPath), before)
  t.notOk(existsSync(join(root, '/run/hugepool')))
})

t.test('a record that has become garbage is one of nothing', async (t) => {
  const { ports, text, root } = stage(t)
  scratch(root, { [recordPath]: 'garbage' })
  await pruneMounts(ports, all.slice(0, 1), recordPath)
  t.strictSame(JSON.parse(text(recordPath)), [])
})

t.test('a fault of the program is told as one', async (t) => {
  const { ports } = stage(t)
  const native = () => {
    throw new Error('a fault')
  }
  await t.rejects(pruneMounts({ ...ports, native }, all, recordPath), { message: 'a fault' })
})
