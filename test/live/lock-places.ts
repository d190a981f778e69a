import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Test } from 'tap'
import { liveOn } from './support/live.ts'
import { holdLock, lockPath, runLockPath } from './support/lock.ts'
import { persistentOf, setPool, sizeName, smallest } from './support/machine.ts'
import { hugepool, hugepoolLine, inOwnMounts, run } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'

const live = liveOn('pools that can be set', 'processes: locks')
const bare = liveOn('pools that can be set', 'no /run/lock')

const name = sizeName(smallest)

bare('where /run/lock is missing the lock is had, and the directory made', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  // Other tests have had it made.
  rmSync(dirname(runLockPath), { recursive: true, force: true })
  const { status, err } = await hugepool('resize', `${name}=+1`, '--no-wait')
  t.equal(status, 1)
  t.match(err, `another hugepool holds the lock ${lockPath}`)
  holder.child.kill('SIGKILL')
  await holder.result
  const free = await hugepool('resize', `${name}=+1`, '--no-wait')
  t.strictSame([free.status, free.err], [0, ''])
  t.equal(statSync(runLockPath).mode & 0o777, 0o600)
  t.equal(persistentOf(smallest), 4)
})

/** The first lock is held; a call with mounts of its own finds that out, and does without waiting. */
const isKeptOut = async (t: Test, script: string): Promise<void> => {
  const holder = await holdLock()
  const { status, err } = await inOwnMounts(script, 'resize', `${name}=+1`, '--no-wait')
  t.equal(status, 1)
  t.match(err, `another hugepool holds the lock ${lockPath}`)
  holder.child.kill('SIGKILL')
  await holder.result
}

/** Goes on below a root that has all directories of this one but /run. */
const withoutRun = (room: string): string => `
mount -t tmpfs none '${room}'
for top in /*; do
  if [ -L "$top" ]; then cp -P "$top" '${room}'
  elif [ -d "$top" ] && [ "$top" != /run ]; then
    mkdir '${room}'"$top"
    mount -o rbind "$top" '${room}'"$top"
  fi
done
[ ! -e '${room}/run' ]
set -- chroot '${room}' "$@"`

const elsewhere = {
  'no /run/lock': () => 'mount -t tmpfs -o mode=755 none /run',
  'a read-only /run': () => 'mount -t tmpfs -o ro none /run',
  'no /run': () => withoutRun(temporaryDirectory()),
}

for (const [what, scriptOf] of Object.entries(elsewhere))
  live(`a call that sees ${what} keeps apart from all others`, async (t) => {
    setPool(smallest, 3)
    const script = scriptOf()
    await isKeptOut(t, script)
    t.equal(persistentOf(smallest), 3)
    const { status, err } = await inOwnMounts(script, 'resize', `${name}=+2`)
    t.strictSame({ status, err }, { status: 0, err: '' }, 'once it is free')
    t.equal(persistentOf(smallest), 5)
  })

/** Puts something in the place of the second lock, as anybody may. */
const strange = (script: string): string =>
  `mount -t tmpfs -o mode=755 none /run; mkdir -m 1777 /run/lock; ${script}`

const leftOut = (why: string): string =>
  `hugepool: note: the lock ${runLockPath} is left out: it ${why}\n`

live('the file of another user in place of the second lock stops nothing', async (t) => {
  setPool(smallest, 3)
  const script = strange(`: > '${runLockPath}'; chown 65534 '${runLockPath}'`)
  await isKeptOut(t, script)
  const { status, err } = await inOwnMounts(script, 'resize', `${name}=+1`)
  t.strictSame({ status, err }, { status: 0, err: leftOut('belongs to user 65534') })
  t.equal(persistentOf(smallest), 4)
})

live('a symbolic link in place of the second lock is not followed', async (t) => {
  setPool(smallest, 3)
  const target = `${temporaryDirectory()}/missing`
  const script = strange(`ln -s '${target}' '${runLockPath}'`)
  const { status, err } = await inOwnMounts(script, 'resize', `${name}=+1`)
  t.strictSame({ status, err }, { status: 0, err: leftOut('is a symbolic link') })
  t.notOk(existsSync(target), 'its target was not made')
  t.equal(persistentOf(smallest), 4)
})

live('in a network namespace with a /sys of its own the second lock counts', async (t) => {
  setPool(smallest, 3)
  const inNetwork = (...words: readonly string[]) => {
    const script = 'mount -t sysfs none /sys\nexec "$@"'
    return run(['unshare', '-m', '-n', 'sh', '-euc', script, 'sh', ...hugepoolLine, ...words])
  }
  const holder = await holdLock(runLockPath)
  const { status, err } = await inNetwork('resize', `${name}=+1`, '--no-wait')
  t.equal(status, 1)
  t.match(err, `another hugepool holds the lock ${runLockPath}`)
  holder.child.kill('SIGKILL')
  await holder.result
  const free = await inNetwork('resize', `${name}=+1`, '--no-wait')
  t.strictSame([free.status, free.err], [0, ''])
  t.equal(persistentOf(smallest), 4)
})

live('where nothing can be locked that is said once and the work goes on', async (t) => {
  setPool(smallest, 3)
  const script = [
    'mount -o bind /sys/bus /sys/bus',
    'mount -o remount,bind,ro /sys/bus',
    'mount -t tmpfs -o ro none /run',
  ]
  const { status, err } = await inOwnMounts(script.join('\n'), 'resize', `${name}=5`)
  t.equal(status, 0, 'is done')
  const why = `${lockPath}: EROFS; ${runLockPath}: EROFS`
  t.equal(err, `hugepool: note: going on without the lock: ${why}\n`)
  t.equal(persistentOf(smallest), 5)
})
