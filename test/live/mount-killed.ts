import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { liveOn } from './support/live.ts'
import { countsOf, defaultSize, setPool } from './support/machine.ts'
import { mountJson, mountRoom, mountsBelow, umount } from './support/mounts.ts'
import { hugepoolLine, type Result, run, until } from './support/program.ts'
import { killTraced, startTraced, temporaryDirectory, tracerOf } from './support/trace.ts'

const live = liveOn('pools that can be set', 'processes: mounts')

/** The steps of a mount with --size and --min-size, each by the call that it would be killed at. */
const steps = [
  ['fsopen', 1],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((nth) => ['fsconfig', nth] as const),
  ['fsmount', 1],
  ['mkdir', 1],
  ['mkdir', 2],
  ['move_mount', 1],
] as const

/** How many calls have returned, by the log of strace. */
const returned = (log: string): number =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => / = \d/.test(line)).length
    : 0

/**
 * Runs hugepool and kills it with -9 before it makes a call for the n-th time: that call is held up,
 * and those before it are in the log.
 */
const killedAt = async (call: string, nth: number, words: readonly string[]): Promise<Result> => {
  const log = `${temporaryDirectory()}/strace`
  const held = `inject=${call}:delay_enter=60s:when=${nth}`
  const rules = ['-e', `trace=${[...new Set(steps.map(([name]) => name))]}`, '-e', held]
  const running = startTraced(['--seccomp-bpf', '-o', log, ...rules], words)
  const before = steps.findIndex(([name, number]) => name === call && number === nth)
  await until(
    `${before} calls before ${call}`,
    () => tracerOf(running) > 0 && returned(log) === before,
  )
  return killTraced(running)
}

live('kill -9 between any two steps leaves no mount and no reservation', async (t) => {
  setPool(defaultSize, 4)
  const whole = { total: 4, free: 4, reserved: 0, surplus: 0 }
  const limits = ['--size', `${2 * defaultSize}`, '--min-size', `${2 * defaultSize}`]
  for (const [call, nth] of steps) {
    const room = mountRoom()
    const target = `${room}/new/here`
    const words = ['mount', target, '--mkdir', ...limits]
    const title = `at ${call} ${nth}`
    t.equal((await killedAt(call, nth, words)).signal, 'SIGKILL', title)
    t.strictSame(mountsBelow(room), [], 'no mount')
    t.strictSame(countsOf(defaultSize), whole, 'no reservation')
    const made =
      call === 'move_mount'
        ? [`${room}/new`, target]
        : nth === 2 && call === 'mkdir'
          ? [`${room}/new`]
          : []
    const found = [`${room}/new`, target].filter((path) => existsSync(path))
    t.strictSame(found, made, 'no directory but those made just before')
    for (const path of found.slice(-1)) t.strictSame(readdirSync(path), [], 'which are empty')
    const again = await mountJson(...words.slice(1))
    t.strictSame([again.status, again.document.outcome], [0, 'done'], 'the same again mounts')
    umount(target)
    t.strictSame(countsOf(defaultSize), whole)
  }
})

live('killed after it was attached, the mount is a whole one', async (t) => {
  setPool(defaultSize, 4)
  const target = `${mountRoom()}/huge`
  const words = ['mount', target, '--mkdir', '--size', `${2 * defaultSize}`]
  const strace = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-P', '/proc/self/mountinfo']
  const rules = ['-e', 'trace=openat', '-e', 'inject=openat:signal=KILL:when=2']
  const killed = await run([...strace, ...rules, ...hugepoolLine, ...words])
  t.equal(killed.signal, 'SIGKILL', 'as it reads back')
  t.equal(mountsBelow(target).length, 1)
  const again = await mountJson(...words.slice(1))
  t.strictSame([again.status, again.document.outcome], [0, 'unchanged'])
})
