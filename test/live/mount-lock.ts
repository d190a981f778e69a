import { existsSync } from 'node:fs'
import { mountSchema, umountSchema } from '../../src/output/schema.ts'
import { parseExact } from '../helpers/json.ts'
import { liveOn } from './support/live.ts'
import { setPool, smallest } from './support/machine.ts'
import { mountPoint, mountRoom, mountsBelow } from './support/mounts.ts'
import { hugepool, hugepoolLine, start, until } from './support/program.ts'

const live = liveOn('pools that can be set', 'processes: mounts')

const lockPath = '/run/lock/hugepool.lock'

/** Runs hugepool with a delay of seconds before or after every call of one name. */
const delayed = (call: string, where: 'enter' | 'exit', ...words: readonly string[]) => {
  const rules = ['-e', `trace=${call}`, '-e', `inject=${call}:delay_${where}=1500000`]
  const strace = ['strace', '-D', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', ...rules]
  return start([...strace, ...hugepoolLine, ...words])
}

live('two mounts on one directory at once are one mount', async (t) => {
  setPool(smallest, 4)
  const target = mountPoint()
  const words = ['mount', target, '--size', `${2 * smallest}`, '--json']
  const both = [1, 2].map(() => delayed('move_mount', 'enter', ...words).result)
  const results = await Promise.all(both)
  t.strictSame(
    results.map(({ status }) => status),
    [0, 0],
  )
  const outcomes = results.map(({ out }) => mountSchema.parse(parseExact(out)).outcome)
  t.strictSame(outcomes.toSorted(), ['done', 'unchanged'])
  t.equal(mountsBelow(target).length, 1)
})

live('two umounts at once take a mount each, and tell of it', async (t) => {
  setPool(smallest, 4)
  const target = mountPoint()
  for (const over of [[], ['--over', '--mode', '0711']])
    t.equal((await hugepool('mount', target, ...over)).status, 0)
  const both = [1, 2].map(() => delayed('umount2', 'enter', 'umount', target, '--json').result)
  const documents = (await Promise.all(both)).map(({ out }) => umountSchema.parse(parseExact(out)))
  const modes = documents.map(({ mounts }) => mounts[0]?.mode)
  t.strictSame(modes.toSorted(), ['0711', '0755'], 'each tells of the one that it removed')
  t.strictSame(mountsBelow(target), [])
})

live('a held lock is waited for, and Ctrl-C ends that with nothing done', async (t) => {
  setPool(smallest, 4)
  const script = 'echo held >&2; exec sleep 600'
  const holder = start(['flock', '--no-fork', lockPath, 'sh', '-c', script])
  await until('the lock of flock(1)', () => holder.errTimes.length > 0)
  const room = mountRoom()
  const waiting = start([...hugepoolLine, 'mount', `${room}/new`, '--mkdir'])
  await until('the message', () => waiting.errTimes.length > 0)
  waiting.child.kill('SIGINT')
  const { signal, err } = await waiting.result
  t.equal(signal, 'SIGINT')
  t.equal(err, `hugepool: waiting for another hugepool to finish (it holds ${lockPath})\n`)
  const dry = await hugepool('mount', `${room}/new`, '--mkdir', '--dry-run')
  t.equal(dry.status, 0, 'a dry run does not wait')
  holder.child.kill('SIGKILL')
  await holder.result
  t.notOk(existsSync(`${room}/new`))
})

live('Ctrl-C between making a directory and mounting leaves no empty directory', async (t) => {
  setPool(smallest, 4)
  const room = mountRoom()
  const running = delayed('mkdir', 'exit', 'mount', `${room}/new`, '--mkdir')
  await until('the directory', () => existsSync(`${room}/new`))
  running.child.kill('SIGINT')
  const { status, signal } = await running.result
  const mounts = mountsBelow(room).length
  t.strictSame(
    { status, signal, mounts },
    { status: 0, signal: null, mounts: 1 },
    'it comes too late',
  )
})
