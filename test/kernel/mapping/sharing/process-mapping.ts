import { closeSync, openSync } from 'node:fs'
import { mock } from 'node:test'
import t, { type Test } from 'tap'
import {
  mapInProcess,
  stopPatienceMilliseconds,
} from '../../../../src/kernel/mapping/sharing/process-mapping.ts'
import { ProcessGone } from '../../../../src/kernel/mapping/sharing/share-conversation.ts'

const request = { bytes: 4096, pageSize: 4096, noreserve: false, shared: true, populate: false }

/** A shell in place of hugepool: it answers as the lines of its script do. */
const shared = async (script: string, abort = new AbortController().signal, patience?: number) => {
  const descriptor = openSync('/dev/zero', 'r')
  try {
    return await mapInProcess(['sh', '-c', script], descriptor, request, abort, patience)
  } finally {
    closeSync(descriptor)
  }
}

const mapped = `read line; echo '{"id":1}'; read line`

t.test('the signal that ended a process is told', async (t) => {
  const before = await shared('read line; kill -KILL $$').catch((error) => error)
  t.ok(before instanceof ProcessGone)
  t.match(before, { code: /^ESRCH$/, how: /^ended by SIGKILL$/ })
  const mapping = await shared(`${mapped}; exit 3`)
  const later = await mapping.write(0, 1).catch((error) => error)
  t.match(later, { how: /^ended with status 3$/ })
  t.match(mapping.gone(), { how: /^ended with status 3$/ }, 'without a call too')
  await mapping.unmap()
  const there = await shared(mapped)
  t.equal(there.gone(), undefined, 'as long as it is there it is not gone')
  await there.unmap()
})

t.test('it has neither the variables nor the current directory of this process', async (t) => {
  process.env.HUGEPOOL_TEST = '1'
  t.teardown(() => {
    delete process.env.HUGEPOOL_TEST
  })
  const script = `read line; case "$HUGEPOOL_TEST $LC_ALL $PWD" in " C /") exit 3 ;; esac`
  const error = await shared(script).catch((error) => error)
  t.match(error, { how: /^ended with status 3$/ })
})

t.test('a process that cannot be started', async (t) => {
  const error = await mapInProcess(['/nowhere'], 0, request, new AbortController().signal).catch(
    (error) => error,
  )
  t.match(error, { code: /^ENOENT$/ })
})

/** Time that passes as a test says, for all that this process waits for; others run on. */
const fakeTimers = (t: Test) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  return mock.timers
}

t.test('a stopped process is killed, whatever it was to do', async (t) => {
  const timers = fakeTimers(t)
  const how = /^ended by SIGKILL$/
  const stopped = await shared(`${mapped}; kill -STOP $$`)
  const work = stopped.write(0, 1).catch((error) => error)
  stopped.stop()
  timers.tick(stopPatienceMilliseconds)
  t.match(await work, { how })
  await stopped.unmap()
  const idle = await shared(`${mapped.replace('; read line', '')}; kill -STOP $$`)
  const unmapped = idle.unmap()
  timers.tick(stopPatienceMilliseconds)
  await unmapped
  const controller = new AbortController()
  const never = shared('kill -STOP $$', controller.signal).catch((error) => error)
  controller.abort()
  t.match(await never, { how })
})

t.test('a process that answers a stop in time is left alone', async (t) => {
  const timers = fakeTimers(t)
  const mapping = await shared(`${mapped}; read line; echo '{"id":2,"value":1}'; read line`)
  const work = mapping.write(0, 1)
  timers.tick(stopPatienceMilliseconds - 1)
  mapping.stop()
  timers.tick(stopPatienceMilliseconds - 1)
  t.equal(await work, 1)
  timers.tick(stopPatienceMilliseconds)
  t.equal(mapping.gone(), undefined)
  await mapping.unmap()
})

const patience = 300
const { signal } = new AbortController()

t.test('a process that says nothing for too long is killed', async (t) => {
  const timers = fakeTimers(t)
  const never = shared('exec sleep 60', signal, patience).catch((error) => error)
  timers.tick(patience)
  const how = /^killed after 0.3 s without an answer$/
  t.match(await never, { code: /^ESRCH$/, how, wasSilent: true })
})

t.test('while it reports it is at work', async (t) => {
  const timers = fakeTimers(t)
  const report = `report() { n=$((n + 1)); printf '{"touched":%s}\\n' $n; }`
  const script = `n=0; ${report}; trap report USR1; ${mapped}; while :; do sleep 0.01; done`
  const mapping = await shared(script, signal, patience)
  const work = mapping.write(0, 1).catch((error) => error)
  for (const reports of [1, 2, 3]) {
    timers.tick(patience - 1)
    process.kill(mapping.pid, 'SIGUSR1')
    while (mapping.touched() < reports && !mapping.gone()) await new Promise(setImmediate)
    t.equal(mapping.gone(), undefined)
  }
  timers.tick(patience)
  t.match(await work, { how: /^killed after 0.3 s/ })
  await mapping.unmap()
})

t.test('nobody waits for one that has nothing to do', async (t) => {
  const timers = fakeTimers(t)
  const idle = await shared(`${mapped}; read line`, signal, patience)
  timers.tick(2 * patience)
  await new Promise(setImmediate)
  t.equal(idle.gone(), undefined)
  await idle.unmap()
})
