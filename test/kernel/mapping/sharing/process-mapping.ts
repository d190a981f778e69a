import { closeSync, openSync } from 'node:fs'
import t from 'tap'
import { mapInProcess } from '../../../../src/kernel/mapping/sharing/process-mapping.ts'
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

t.test('a process that cannot be started', async (t) => {
  const error = await mapInProcess(['/nowhere'], 0, request, new AbortController().signal).catch(
    (error) => error,
  )
  t.match(error, { code: /^ENOENT$/ })
})

t.test('a stopped process is killed, whatever it was to do', async (t) => {
  const begun = performance.now()
  const stopped = await shared(`${mapped}; kill -STOP $$`)
  const work = stopped.write(0, 1)
  setTimeout(() => stopped.stop(), 100)
  t.match(await work.catch((error) => error), { how: /^ended by SIGKILL$/ })
  await stopped.unmap()
  const idle = await shared(`${mapped.replace('; read line', '')}; kill -STOP $$`)
  await idle.unmap()
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 100)
  const never = await shared('kill -STOP $$', controller.signal).catch((error) => error)
  t.match(never, { how: /^ended by SIGKILL$/ })
  t.ok(performance.now() - begun < 5000)
})

t.test('a process that says nothing for too long is killed', async (t) => {
  const { signal } = new AbortController()
  const how = 'killed after 0.3 s without an answer'
  const never = await shared('exec sleep 60', signal, 300).catch((error) => error)
  t.match(never, { code: /^ESRCH$/, how, wasSilent: true })
  const report = `for i in 1 2 3 4 5; do sleep 0.15; echo '{"touched":1}'; done`
  const slow = await shared(`${mapped}; ${report}; exec sleep 60`, signal, 300)
  const begun = performance.now()
  t.match(await slow.write(0, 1).catch((error) => error), { how })
  t.ok(performance.now() - begun > 900, 'while it reports it is at work')
  await slow.unmap()
  const idle = await shared(`${mapped}; read line`, signal, 300)
  await new Promise((done) => setTimeout(done, 500))
  t.equal(idle.touched(), 0, 'nobody waits for one that has nothing to do')
  await idle.unmap()
})
