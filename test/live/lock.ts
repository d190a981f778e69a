import { existsSync } from 'node:fs'
import type { Test } from 'tap'
import { liveOn, snapshot } from './support/live.ts'
import {
  holdLock,
  isRunning,
  lockPath,
  runLockPath,
  untilLocked,
  waitingWords,
} from './support/lock.ts'
import { persistentOf, poolPath, setPool, sizeName, smallest } from './support/machine.ts'
import { hugepool, hugepoolLine, inOwnMounts, run, start, until } from './support/program.ts'
import { killTraced, startSlowly, temporaryDirectory } from './support/trace.ts'
import { shortest } from './support/wait.ts'

const live = liveOn('pools that can be set')
const starting = liveOn('pools that can be set', 'processes: locks')

const name = sizeName(smallest)

live('with --no-wait a held lock is a failure at once', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  const before = snapshot()
  const { milliseconds, isWithin } = await shortest(3000, async () => {
    const started = performance.now()
    const { status, err } = await hugepool('resize', `${name}=4`, '--no-wait')
    t.equal(status, 1)
    t.match(err, `another hugepool holds the lock ${lockPath}`)
    t.notMatch(err, 'waiting')
    return performance.now() - started
  })
  t.ok(isWithin, `without waiting for it: ${milliseconds} ms`)
  t.ok(isRunning(holder), 'which is held still')
  t.strictSame(snapshot(), before, 'nothing was done')
  const same = await hugepool('resize', `${name}=3`, '--no-wait')
  t.equal(same.status, 1, 'whether there is anything to do may be changing just now')
  t.equal((await hugepool('resize', `${name}=9`, '--dry-run')).status, 0, 'nor does a dry run')
})

starting('without it a held lock is waited for, with a message after a second', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  const writer = start([...hugepoolLine, 'resize', `${name}=+1`])
  await until('the message', () => writer.errTimes.length > 0)
  t.equal(persistentOf(smallest), 3, 'nothing is done before')
  holder.child.kill('SIGKILL')
  const { status, err } = await writer.result
  t.equal(status, 0, 'is done once the lock is free')
  t.equal(err, waitingWords)
  t.ok((writer.errTimes[0] ?? 0) >= 1000, 'the message takes a second')
  t.equal(persistentOf(smallest), 4)
})

starting('the lock of a hugepool that was killed is free', async (t) => {
  setPool(smallest, 3)
  const slow = startSlowly(poolPath(smallest, 'nr_hugepages'), 60_000, ['resize', `${name}=5`])
  await untilLocked(slow)
  t.equal((await hugepool('resize', `${name}=4`, '--no-wait')).status, 1, 'nobody else gets it')
  t.equal((await killTraced(slow)).signal, 'SIGKILL')
  t.equal(persistentOf(smallest), 3, 'it was killed before it wrote')
  const { status, err } = await hugepool('resize', `${name}=6`, '--no-wait')
  t.strictSame({ status, err }, { status: 0, err: '' }, 'then it is free')
  t.equal(persistentOf(smallest), 6)
})

starting('Ctrl-C while waiting for the lock ends it at once', async (t) => {
  setPool(smallest, 3)
  const holder = await holdLock()
  const { milliseconds, isWithin } = await shortest(1000, async () => {
    const writer = start([...hugepoolLine, 'resize', `${name}=4`])
    await until('the message', () => writer.errNow() === waitingWords)
    const sent = performance.now()
    writer.child.kill('SIGINT')
    t.equal((await writer.result).signal, 'SIGINT')
    return performance.now() - sent
  })
  t.ok(isRunning(holder), 'the lock is held still')
  t.ok(isWithin, `within a second: ${milliseconds} ms`)
  t.equal(persistentOf(smallest), 3)
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
  starting(`a call that sees ${what} keeps apart from all others`, async (t) => {
    setPool(smallest, 3)
    const script = scriptOf()
    await isKeptOut(t, script)
    t.equal(persistentOf(smallest), 3)
    const { status, err } = await inOwnMounts(script, 'resize', `${name}=+2`)
    t.strictSame({ status, err }, { status: 0, err: '' }, 'once it is free')
    t.equal(persistentOf(smallest), 5)
  })

/** What somebody may put in the place of the second lock; `there` is a file that anybody can read. */
const strange = {
  'belongs to user 65534': `: > '${runLockPath}'; chown 65534 '${runLockPath}'`,
  'can be opened by anybody': `: > '${runLockPath}'; chmod 644 '${runLockPath}'`,
  'is a directory': `mkdir '${runLockPath}'`,
  'is a FIFO or a socket': `mkfifo '${runLockPath}'`,
  'is a symbolic link': `ln -s /run/missing '${runLockPath}'`,
}

for (const [why, script] of Object.entries(strange))
  starting(`a file in place of the second lock that ${why} stops nothing`, async (t) => {
    setPool(smallest, 3)
    const prepared = `mount -t tmpfs -o mode=755 none /run; mkdir -m 1777 /run/lock; ${script}`
    await isKeptOut(t, prepared)
    const { status, err } = await inOwnMounts(prepared, 'resize', `${name}=+1`)
    t.equal(status, 0)
    t.equal(err, `hugepool: the lock ${runLockPath} is left out: it ${why}\n`)
    t.equal(persistentOf(smallest), 4)
  })

starting('the target of a symbolic link in place of the second lock is not made', async (t) => {
  setPool(smallest, 3)
  const target = `${temporaryDirectory()}/missing`
  const script = `mount -t tmpfs none /run; mkdir /run/lock; ln -s '${target}' '${runLockPath}'`
  t.equal((await inOwnMounts(script, 'resize', `${name}=+1`)).status, 0)
  t.notOk(existsSync(target))
})

starting('in a network namespace with a /sys of its own the second lock counts', async (t) => {
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

starting('where nothing can be locked that is said once and the work goes on', async (t) => {
  setPool(smallest, 3)
  const script = [
    'mount -o bind /sys/bus /sys/bus',
    'mount -o remount,bind,ro /sys/bus',
    'mount -t tmpfs -o ro none /run',
  ]
  const { status, err } = await inOwnMounts(script.join('\n'), 'resize', `${name}=5`)
  t.equal(status, 0, 'is done')
  const why = `${lockPath}: EROFS; ${runLockPath}: EROFS`
  t.equal(err, `hugepool: going on without the lock: ${why}\n`)
  t.equal(persistentOf(smallest), 5)
})

live('another spelling of / is the running kernel too, and takes the lock', async (t) => {
  setPool(smallest, 3)
  await holdLock()
  for (const root of ['//', '/.', '/proc/self/root']) {
    const { status } = await hugepool('resize', `${name}=+1`, '--no-wait', '--sysroot', root)
    t.equal(status, 1, root)
  }
  t.equal(persistentOf(smallest), 3)
})
