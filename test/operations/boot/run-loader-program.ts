import t from 'tap'
import type { StopSignal } from '../../../src/errors.ts'
import { runLoaderProgram } from '../../../src/operations/boot/run-loader-program.ts'
import { loaderStage } from '../../helpers/loader-stage.ts'

const words = ['rpm-ostree', 'kargs', '--append=hugepages=2']
const busy = {
  status: 1,
  stdout: '',
  stderr: 'error: Transaction in progress: upgrade\n You can cancel it: rpm-ostree cancel\n',
}
const done = { status: 0, stdout: '', stderr: '' }
const again = '--install again, or --remove, which takes back what is done'

/** A machine whose program is busy so often, and what came of it. */
const machine = (t: Parameters<typeof loaderStage>[0], often: number, last = done) => {
  const { ports } = loaderStage(t, {})
  const notes: string[] = []
  const seen = { runs: 0, signal: undefined as StopSignal | undefined }
  const run = async () => {
    seen.runs += 1
    return seen.runs > often ? last : busy
  }
  const watchSignals = () => ({ pending: () => seen.signal })
  return {
    seen,
    notes,
    ports: { ...ports, run, watchSignals, note: (text: string) => notes.push(text) },
  }
}

t.test('a program that is busy is tried again, once a second', async (t) => {
  const { ports, seen, notes } = machine(t, 3)
  const before = ports.clock()
  await runLoaderProgram(ports, words)
  t.strictSame(
    [seen.runs, notes],
    [4, ['waiting for rpm-ostree (Transaction in progress: upgrade)']],
  )
  t.equal(ports.clock() - before, 3000)
  const idle = machine(t, 0)
  await runLoaderProgram(idle.ports, words)
  t.strictSame([idle.seen.runs, idle.notes], [1, []])
})

t.test('two minutes are enough', async (t) => {
  const { ports, seen, notes } = machine(t, Number.POSITIVE_INFINITY)
  await t.rejects(runLoaderProgram(ports, words), {
    code: 'E_REFUSED',
    reason: 'busy',
    message:
      "'rpm-ostree kargs --append=hugepages=2' failed: rpm-ostree is busy for longer than 120 s: Transaction in progress: upgrade",
    hint: `'rpm-ostree status' tells when it has ended; then ${again}`,
  })
  t.strictSame([seen.runs, notes.length], [121, 1])
})

t.test('it can fail after the wait, or a signal ends it', async (t) => {
  const failed = { status: 1, stdout: '', stderr: 'a\nno karg\n' }
  await t.rejects(runLoaderProgram(machine(t, 1, failed).ports, words), {
    code: 'E_KERNEL',
    reason: 'loader-failed',
    message: "'rpm-ostree kargs --append=hugepages=2' failed: no karg",
    hint: `once it is mended: ${again}`,
  })
  const { ports, seen } = machine(t, 9)
  seen.signal = 'SIGINT'
  await t.rejects(runLoaderProgram(ports, words), {
    code: 'E_KERNEL',
    reason: 'stopped',
    message: "stopped by SIGINT while waiting to run 'rpm-ostree kargs --append=hugepages=2'",
    signal: 'SIGINT',
  })
  t.equal(seen.runs, 1)
})

t.test('one that ends well is not busy, whatever it says', async (t) => {
  const { ports, seen } = machine(t, 0, { ...busy, status: 0 })
  await runLoaderProgram(ports, words)
  t.equal(seen.runs, 1)
})
