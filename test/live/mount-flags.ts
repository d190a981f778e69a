import { writeFileSync } from 'node:fs'
import { liveOn } from './support/live.ts'
import { defaultSize, setPool } from './support/machine.ts'
import { mountJson, mountPoint, mountsBelow, umount } from './support/mounts.ts'
import { hugepool, run } from './support/program.ts'

const anywhere = liveOn('time for what the kernel alone decides')
const live = liveOn('pools that can be set', 'time for what the kernel alone decides')

/** Options of the mount and of the file system, as mountinfo has them. */
const kernelOptions = (target: string): readonly string[] => {
  const fields = mountsBelow(target)[0]?.split(' ') ?? []
  return [fields[5] ?? '', fields.at(-1) ?? '']
}

anywhere('flags, with nosuid and nodev to begin with', async (t) => {
  const target = mountPoint()
  const flags = {
    '': 'rw,nosuid,nodev,relatime',
    ro: 'ro,nosuid,nodev,relatime',
    'suid,dev': 'rw,relatime',
    'noexec,nosuid': 'rw,nosuid,nodev,noexec,relatime',
  }
  for (const [words, shown] of Object.entries(flags)) {
    const option = words === '' ? [] : ['--options', words]
    t.equal((await hugepool('mount', target, ...option)).status, 0, words)
    t.equal(kernelOptions(target)[0], shown)
    t.equal((await hugepool('mount', target, ...option)).status, 0, 'the same again')
    umount(target)
  }
})

live('a remount changes the flags, really', async (t) => {
  setPool(defaultSize, 4)
  const target = mountPoint()
  const size = ['--size', `${2 * defaultSize}`]
  t.equal((await hugepool('mount', target, ...size, '--options', 'noexec')).status, 0)
  writeFileSync(`${target}/one`, '')
  const readOnly = await mountJson(target, '--remount', '--options', 'ro')
  t.strictSame([readOnly.status, readOnly.document.outcome], [0, 'done'])
  t.throws(() => writeFileSync(`${target}/two`, ''), { code: 'EROFS' })
  t.equal(kernelOptions(target)[0], 'ro,nosuid,nodev,noexec,relatime', 'others stay')
  t.hasStrict(
    readOnly.document.mounts[0],
    { size: BigInt(2 * defaultSize), files: 1n },
    'limits too',
  )
  const again = await mountJson(target, '--remount', '--options', 'ro')
  t.equal(again.document.outcome, 'unchanged')
  const writable = await mountJson(target, '--remount', '--options', 'rw,exec')
  t.equal(writable.document.outcome, 'done')
  writeFileSync(`${target}/two`, '')
  t.equal(kernelOptions(target)[0], 'rw,nosuid,nodev,relatime')
})

live('a remount of limits is refused, for the kernel ignores it', async (t) => {
  setPool(defaultSize, 4)
  const target = mountPoint()
  t.equal((await hugepool('mount', target, '--size', `${defaultSize}`)).status, 0)
  const before = mountsBelow(target)
  const other = {
    '--size': `${2 * defaultSize}`,
    '--mode': '0700',
    '--uid': '5',
    '--nr-inodes': '9',
  }
  for (const [name, value] of Object.entries(other)) {
    const { status, err } = await hugepool('mount', target, '--remount', name, value)
    t.equal(status, 1, name)
    t.match(err, `a remount does not change ${name}: mount anew`)
  }
  t.strictSame(mountsBelow(target), before)
  const words = [
    'mount',
    '-t',
    'hugetlbfs',
    '-o',
    `remount,nosuid,nodev,size=${2 * defaultSize}`,
    'none',
    target,
  ]
  t.equal((await run(words)).status, 0, 'mount(8) says it is done')
  t.strictSame(mountsBelow(target), before, 'and nothing has changed')
})

anywhere('a remount of what is no hugetlbfs is refused', async (t) => {
  const target = mountPoint()
  for (const path of [target, `${target}/missing`, '/proc', '/sys']) {
    const { status, err } = await hugepool('mount', path, '--remount', '--options', 'ro')
    t.equal(status, 1, path)
    t.match(err, `${path}: no hugetlbfs is mounted there`)
  }
})
