import { existsSync } from 'node:fs'
import { mountSchema } from '../../src/output/schemas/mounts-schema.ts'
import { umountSchema } from '../../src/output/schemas/umount-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn } from './support/live.ts'
import {
  holdLock,
  isRunning,
  runLockPath,
  stoppedWords,
  untilLocked,
  waitingFor,
  waitingWords,
} from './support/lock.ts'
import { defaultSize, setPool } from './support/machine.ts'
import { mountPoint, mountRoom, mountsBelow } from './support/mounts.ts'
import { hugepool, hugepoolLine, type Running, start, until } from './support/program.ts'
import { isHeldUp, letGo, startTraced } from './support/trace.ts'

const live = liveOn('pools that can be set', 'processes: mounts')

/** Runs hugepool and holds it up before or after its call of one name, until it is let go. */
const held = (call: string, where: 'enter' | 'exit', ...words: readonly string[]): Running => {
  const rules = ['-e', `trace=${call}`, '-e', `inject=${call}:delay_${where}=600s`]
  return startTraced(['--seccomp-bpf', '-o', '/dev/null', ...rules], words)
}

/** Runs the same twice: the first is held up at a call, and goes on once the second waits for it. */
const overlapping = async (
  call: string,
  ...words: readonly string[]
): Promise<readonly string[]> => {
  const first = held(call, 'enter', ...words)
  await untilLocked(first)
  await until(`the first is at ${call}`, () => isHeldUp(first))
  const second = start([...hugepoolLine, ...words])
  await until('the second waits', () => second.errNow() === waitingWords)
  letGo(first)
  const results = await Promise.all([first.result, second.result])
  return results.map(({ status, out }) => {
    if (status !== 0) throw new Error(`status ${status}: ${out}`)
    return out
  })
}

live('two mounts on one directory at once are one mount', async (t) => {
  setPool(defaultSize, 4)
  const target = mountPoint()
  const words = ['mount', target, '--size', `${2 * defaultSize}`, '--json']
  const outs = await overlapping('move_mount', ...words)
  const outcomes = outs.map((out) => mountSchema.parse(parseExact(out)).outcome)
  t.strictSame(outcomes, ['done', 'unchanged'])
  t.equal(mountsBelow(target).length, 1)
})

live('two umounts at once take a mount each, and tell of it', async (t) => {
  setPool(defaultSize, 4)
  const target = mountPoint()
  for (const over of [[], ['--over', '--mode', '0711']])
    t.equal((await hugepool('mount', target, ...over)).status, 0)
  const outs = await overlapping('umount2', 'umount', target, '--json')
  const modes = outs.map((out) => umountSchema.parse(parseExact(out)).mounts[0]?.mode)
  t.strictSame(modes, ['0711', '0755'], 'each tells of the one that it removed')
  t.strictSame(mountsBelow(target), [])
})

live('a held lock is waited for, and Ctrl-C ends that with nothing done', async (t) => {
  setPool(defaultSize, 4)
  const holder = await holdLock()
  const room = mountRoom()
  const waiting = start([...hugepoolLine, 'mount', `${room}/new`, '--mkdir'])
  await until('the message', () => waiting.errNow() !== '')
  waiting.child.kill('SIGINT')
  const { signal, err } = await waiting.result
  t.equal(signal, 'SIGINT')
  t.ok(isRunning(holder), 'while the lock is held')
  t.equal(err, waitingWords + stoppedWords('SIGINT'))
  const dry = await hugepool('mount', `${room}/new`, '--mkdir', '--dry-run')
  t.equal(dry.status, 0, 'a dry run does not wait')
  holder.child.kill('SIGKILL')
  await holder.result
  t.notOk(existsSync(`${room}/new`))
})

live('where /sys is read-only the second lock keeps two mounts apart', async (t) => {
  setPool(defaultSize, 4)
  const holder = await holdLock(runLockPath)
  const target = mountPoint()
  const script = 'mount -o remount,bind,ro /sys\nexec "$@"'
  const line = ['unshare', '-m', 'sh', '-euc', script, 'sh', ...hugepoolLine, 'mount', target]
  const waiting = start(line)
  await until('the message', () => waiting.errNow() === waitingFor(runLockPath))
  holder.child.kill('SIGKILL')
  const { status, out } = await waiting.result
  t.equal(status, 0, 'mounted once it is free')
  t.match(out, target)
})

live('Ctrl-C between making a directory and mounting leaves no empty directory', async (t) => {
  setPool(defaultSize, 4)
  const room = mountRoom()
  const running = held('mkdir', 'exit', 'mount', `${room}/new`, '--mkdir')
  await until('the directory', () => existsSync(`${room}/new`))
  running.child.kill('SIGINT')
  letGo(running)
  const { status, signal } = await running.result
  const mounts = mountsBelow(room).length
  t.strictSame(
    { status, signal, mounts },
    { status: 0, signal: null, mounts: 1 },
    'it comes too late',
  )
})
