import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { mountsSchema } from '../../src/output/schemas/mounts-schema.ts'
import { liveOn } from './support/live.ts'
import { defaultSize, setPool, sizeName } from './support/machine.ts'
import { mountJson, mountPoint, mountRoom, mountsBelow, umount } from './support/mounts.ts'
import { hugepool, hugepoolJson, hugepoolLine, run } from './support/program.ts'

const anywhere = liveOn('time for what the kernel alone decides')
const users = liveOn('processes: mounts')
const live = liveOn('pools that can be set', 'time for what the kernel alone decides')

const page = sizeName(defaultSize)

/** What the mounts of a place are, the lowest first. */
const mountsOn = async (place: string) => {
  const { document, err } = await hugepoolJson(mountsSchema, 'mounts')
  return { err, mounts: document.mounts.filter(({ target }) => target === place) }
}

anywhere('owner and mode are those of the root of the mount', async (t) => {
  const target = mountPoint()
  const owner = ['--uid', '1234', '--gid', '4321', '--mode']
  for (const [mode, kept] of [
    ['0700', 0o700],
    ['1777', 0o1777],
    ['0007', 0o007],
    ['0755', 0o755],
  ] as const) {
    const { status, document } = await mountJson(target, ...owner, mode)
    t.equal(status, 0, mode)
    t.hasStrict(document.mounts[0], { uid: 1234, gid: 4321, mode })
    t.match(statSync(target), { uid: 1234, gid: 4321, mode: 0o040000 | kept })
    t.equal((await hugepool('mount', target, ...owner, mode)).status, 0, 'the same again')
    umount(target)
  }
  const { document } = await mountJson(target, '--uid', 'root')
  t.hasStrict(document.mounts[0], { uid: 0, gid: 0, mode: '0755' })
})

anywhere('names with blanks, newlines and letters of several bytes', async (t) => {
  for (const name of ['two words', 'new\nline', 'back\\slash', 'größe 🙂', '\\040', '#']) {
    const target = mountPoint(name)
    const { status, document } = await mountJson(target)
    t.equal(status, 0, JSON.stringify(name))
    t.equal(document.mounts[0].target, target)
    t.equal((await hugepool('mount', target)).status, 0, 'the same again')
  }
})

live('the same options again change nothing, others are refused by name', async (t) => {
  setPool(defaultSize, 4)
  const target = mountPoint()
  const words = [
    '--size',
    `${2 * defaultSize}`,
    '--min-size',
    `${defaultSize}`,
    '--options',
    'noexec',
  ]
  t.equal((await mountJson(target, ...words)).document.outcome, 'done')
  writeFileSync(`${target}/file`, '')
  const before = mountsBelow(target)
  const again = await mountJson(target, ...words)
  t.strictSame([again.status, again.document.outcome], [0, 'unchanged'])
  const other = await hugepool('mount', target, '--size', `${defaultSize}`)
  t.equal(other.status, 1)
  t.match(
    other.err,
    `is mounted with other options: size: ${sizeName(2 * defaultSize)} instead of ${page}`,
  )
  t.notMatch(other.err, /noexec|min_size/, 'what was not asked for is no difference')
  const fewer = await hugepool(
    'mount',
    target,
    '--options',
    'nodev',
    '--min-size',
    `${2 * defaultSize}`,
  )
  t.match(fewer.err, `min_size: ${page} instead of ${sizeName(2 * defaultSize)}`)
  t.strictSame(mountsBelow(target), before)
})

anywhere('a mount over a mount hides it', async (t) => {
  const target = mountPoint()
  t.equal((await hugepool('mount', target, '--mode', '0700')).status, 0)
  writeFileSync(`${target}/below`, '')
  t.equal((await hugepool('mount', target, '--over', '--mode', '0711')).status, 0)
  t.notOk(existsSync(`${target}/below`))
  t.equal((await mountJson(target, '--over', '--mode', '0711')).document.outcome, 'unchanged')
  const { mounts, err } = await mountsOn(target)
  t.hasStrict(mounts, [
    { mode: '0700', hidden: true },
    { mode: '0711', hidden: false, files: 0n },
  ])
  t.notOk('files' in (mounts[0] ?? {}), 'it cannot be looked into')
  t.match(err, `${target}: the mount with ${page} pages is hidden by a later one`)
  umount(target)
  t.hasStrict((await mountsOn(target)).mounts, [{ mode: '0700', hidden: false, files: 1n }])
})

anywhere('a mount above hides it too, and what is mounted anew is another', async (t) => {
  const room = mountRoom()
  const target = `${room}/a/huge`
  t.equal((await hugepool('mount', target, '--mkdir', '--mode', '0700')).status, 0)
  t.equal((await hugepool('mount', `${room}/a`, '--over')).status, 0)
  t.hasStrict((await mountsOn(target)).mounts, [{ mode: '0700', hidden: true }])
  t.equal((await hugepool('mount', target)).status, 1, 'it is not there')
  t.equal((await hugepool('mount', target, '--mkdir', '--mode', '0711')).status, 0)
  t.hasStrict((await mountsOn(target)).mounts, [
    { mode: '0700', hidden: true },
    { mode: '0711', hidden: false },
  ])
})

anywhere('a directory of another hugetlbfs that is bound is not a mount of its own', async (t) => {
  const [target, bound] = [mountPoint(), mountPoint('bound')]
  t.equal((await hugepool('mount', target)).status, 0)
  mkdirSync(`${target}/s`)
  t.equal((await run(['mount', '--bind', `${target}/s`, bound])).status, 0)
  const { status, err } = await hugepool('mount', bound)
  t.equal(status, 1)
  t.match(err, `${bound}: /s of another hugetlbfs is bound there`)
  t.equal((await mountJson(bound, '--over')).document.outcome, 'done')
  t.equal((await mountJson(bound, '--over')).document.outcome, 'unchanged')
  t.equal(mountsBelow(bound).length, 2)
})

anywhere('places that are refused', async (t) => {
  const room = mountRoom()
  mkdirSync(`${room}/full/below`, { recursive: true })
  mkdirSync(`${room}/empty`)
  writeFileSync(`${room}/file`, '')
  symlinkSync('empty', `${room}/link`)
  symlinkSync('nowhere', `${room}/dangling`)
  const refused: readonly (readonly [string, string])[] = [
    ['full', 'the directory is not empty\nhint: --over mounts over it'],
    ['file', 'is not a directory'],
    ['file/x', 'not a directory'],
    ['link', 'is a symbolic link'],
    ['link/', 'is a symbolic link'],
    ['dangling', 'is a symbolic link'],
    ['dangling/x', 'a symbolic link that leads nowhere'],
    ['missing', 'no such directory\nhint: --mkdir makes it'],
  ]
  for (const [path, why] of refused) {
    const { status, err } = await hugepool('mount', `${room}/${path}`)
    t.equal(status, 1, path)
    t.match(err, why)
  }
  t.equal((await hugepool('mount', `${room}/dangling/x`, '--mkdir')).status, 1)
  t.strictSame(mountsBelow(room), [])
  t.equal((await hugepool('mount', `${room}/full`, '--over')).status, 0)
  const { document } = await mountJson(`${room}/link/x`, '--mkdir')
  t.equal(document.mounts[0].target, `${room}/empty/x`, 'a link above it is followed')
})

anywhere('.. after a link is what the kernel and a shell take it for', async (t) => {
  const room = mountRoom()
  for (const path of ['other/dir', 'other/x', 'x'])
    mkdirSync(`${room}/${path}`, { recursive: true })
  symlinkSync('other/dir', `${room}/lk`)
  const { document } = await mountJson(`${room}/lk/../x`)
  t.equal(document.mounts[0].target, `${room}/other/x`)
  t.not(statSync(`${room}/lk/../x`).dev, statSync(room).dev, 'the same directory by that path')
  t.equal((await hugepool('umount', `${room}/lk/../x`)).status, 0)
  t.strictSame(mountsBelow(room), [])
  const { status, err } = await hugepool('mount', `${room}/missing/../e`, '--mkdir')
  t.equal(status, 1)
  t.match(err, `${room}/missing: no such directory`)
})

users('a name that is not UTF-8 is refused, and nothing is made', async (t) => {
  const room = mountRoom()
  const script = 'name=$(printf "%s/\\377\\376" "$1"); shift; exec "$@" "$name"'
  for (const words of [['mount', '--mkdir'], ['umount']]) {
    const line = ['sh', '-c', script, 'sh', room, ...hugepoolLine, ...words]
    const { status, err } = await run(line)
    t.equal(status, 2)
    t.match(err, 'is not UTF-8, or has the character U+FFFD in it')
  }
  t.strictSame(readdirSync(room), [])
})

live('a failed mount leaves no directory', async (t) => {
  const room = mountRoom()
  setPool(defaultSize, 1)
  const target = `${room}/new/here`
  for (const words of [
    ['--min-size', `${2 * defaultSize}`],
    ['--uid', 'nobody-of-this-name'],
    ['--size', '1x'],
  ])
    t.not((await hugepool('mount', target, '--mkdir', ...words)).status, 0)
  t.notOk(existsSync(`${room}/new`))
  const { status } = await hugepool('mount', target, '--mkdir')
  t.strictSame([status, mountsBelow(room).length], [0, 1])
})

live('the lines of a dry run, run by sh, make the same mount', async (t) => {
  setPool(defaultSize, 4)
  const target = `${mountRoom()}/it's new/here`
  const words = ['mount', target, '--mkdir', '--size', '50%', '--uid', '5', '--mode', '0711']
  const { out } = await hugepool(...words, '--options', 'noexec', '--dry-run')
  t.notOk(existsSync(target), 'the dry run did nothing')
  t.equal((await run(['sh', '-euc', out])).status, 0)
  const again = await mountJson(...words.slice(1), '--options', 'noexec')
  t.equal(again.document.outcome, 'unchanged', again.err)
})
