import t from 'tap'
import { ProcessGone } from '../../../src/kernel/mapping/sharing/share-conversation.ts'
import { goneFailure } from '../../../src/operations/mapping/process-gone.ts'
import { testOnFake } from '../../helpers/test-on-fake.ts'

const came = 'all pages and reservations came back'

t.test('a process that is killed is a result, and its share is named', async (t) => {
  for (const [at, status, words] of [
    ['map', 1, /touched 0 of 6; process 2 of 3 was ended by SIGKILL before it had mapped anything/],
    [
      'touch',
      64,
      /touched 2 of 6; process 2 of 3 \(\d+\) was ended by SIGKILL while its share was pages 2 to 3/,
    ],
    ['write', 64, /touched 6 of 6; process 2 of 3 \(\d+\) was ended by SIGKILL while its share/],
    ['verify', 64, /touched 6 of 6; process 2 of 3 \(\d+\) was ended by SIGKILL while its share/],
  ] as const) {
    const tested = await testOnFake('2M=6 --via memfd --processes 3', (_, mapper) => {
      mapper.killedAt = at
      return undefined
    })
    t.equal(tested.status, status, at)
    t.match(tested.stderr, words)
    t.match(tested.document.failure, { errno: /^ESRCH$/, why: /SIGKILL/ })
    t.equal(tested.document.failure?.page, undefined)
    t.equal(tested.said.at(-1), came)
    const advice = at === 'map' ? [/pids\.max of the cgroup/] : undefined
    t.match(tested.document.advice, advice)
  }
})

t.test('one that did not answer may have been stopped', async (t) => {
  const plan = { processes: 3 }
  const signals = { pending: () => undefined }
  const why = (gone: ProcessGone) =>
    goneFailure({ plan, signals } as never, gone, { process: 1 })?.advice
  t.match(why(new ProcessGone('killed after 30 s without an answer', true)), [
    /^unless somebody had stopped it: 'ulimit -u'/,
  ])
  t.match(why(new ProcessGone('ended by SIGABRT')), [/^'ulimit -u'/])
})

t.test('a process that is killed while all hold their pages ends the hold', async (t) => {
  const { status, stderr, said, document } = await testOnFake(
    '2M=6 --via memfd --processes 3 --hold 1h',
    (_, mapper) => {
      mapper.killedAt = 'hold'
      return undefined
    },
  )
  t.equal(status, 64)
  t.match(
    stderr,
    /touched 6 of 6; process 2 of 3 \(\d+\) was ended by SIGKILL while it held its pages/,
  )
  t.ok(said.includes('held by process 4242 until another process ended'))
  t.equal(said.at(-1), came)
  t.match(document.failure, { errno: /^ESRCH$/, why: /while it held its pages/ })
  t.notOk(document.advice?.length, 'with nothing to advise')
})

t.test('after a signal the end of a process is none, any other error stays one', async (t) => {
  const plan = { processes: 3 }
  const gone = new ProcessGone('ended by SIGKILL')
  const after = (signal: string | undefined, error: unknown) =>
    goneFailure({ plan, signals: { pending: () => signal } } as never, error, { process: 1 })
  t.equal(after('SIGINT', gone), undefined)
  t.equal(after(undefined, gone)?.errno, 'ESRCH')
  const other = new Error('another')
  for (const signal of ['SIGINT', undefined]) t.throws(() => after(signal, other), other)
})

t.test('a process that ends after a signal asked to stop is no failure', async (t) => {
  const { status, document } = await testOnFake('2M=6 --via memfd --processes 3', (_, mapper) => {
    mapper.killedAt = 'touch'
    let touched = false
    mapper.onTouch = () => {
      touched = true
    }
    return {
      watchSignals: () => ({ pending: () => (touched ? 'SIGINT' : undefined), end: () => {} }),
    }
  })
  t.equal(status, 'SIGINT')
  t.equal(document.failure, undefined)
})
