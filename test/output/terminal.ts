import { EventEmitter } from 'node:events'
import t from 'tap'
import type { TerminalEvent } from '../../src/output/streams.ts'
import {
  enterScreen,
  leaveScreen,
  openTerminal,
  type TerminalOwner,
} from '../../src/output/terminal.ts'

/** What a fake does when it is told to. */
interface Given {
  readonly columns?: number
  readonly rows?: number
  readonly setRawMode?: (raw: boolean) => void
  readonly out?: (text: string) => void
}

/** A process that only notes what is done with it, in words. */
const opened = (given: Given = {}) => {
  const done: string[] = []
  const events: TerminalEvent[] = []
  const note = (text: string) => {
    done.push(text)
  }
  const stdin = Object.assign(new EventEmitter(), {
    setRawMode: (raw: boolean) => {
      given.setRawMode?.(raw)
      note(raw ? 'raw' : 'cooked')
    },
    resume: () => note('resume'),
    pause: () => note('pause'),
  })
  const size = { columns: given.columns ?? 90, rows: given.rows ?? 30 }
  const stdout = Object.assign(new EventEmitter(), size)
  const source = new EventEmitter()
  const names: Readonly<Record<string, string>> = { [enterScreen]: 'enter', [leaveScreen]: 'leave' }
  const owner: TerminalOwner = Object.assign(source, {
    pid: 77,
    kill: (pid: number, signal: string) => {
      const heard = source.listenerCount(signal)
      note(`kill ${pid} ${signal}${heard === 0 ? '' : ', which is heard'}`)
    },
    stdin,
    stdout,
  })
  const out = (text: string): void => {
    given.out?.(text)
    note(names[text] ?? text)
  }
  const terminal = openTerminal(owner, out, (event) => {
    events.push(event)
  })
  const emitters = { stdin, stdout, process: source }
  /** How many listeners there are, of each event that has any. */
  const heard = () =>
    Object.entries(emitters).flatMap(([name, emitter]) =>
      emitter
        .eventNames()
        .map((event) => `${name} ${String(event)} ${emitter.listenerCount(event)}`),
    )
  return { ...emitters, stdin, terminal, done, events, heard }
}

const taken = ['cooked', 'raw', 'enter']
const givenBack = ['leave', 'cooked']

t.test('the sequences of xterm', async (t) => {
  t.strictSame(
    [enterScreen, leaveScreen].map((text) => text.replaceAll('\u001b[', ' ')),
    [' ?1049h ?25l ?7l 2J', ' ?2026l 0m ?7h ?25h ?1049l'],
  )
})

t.test('it is taken at once, and given back once', async (t) => {
  const { terminal, done, heard, events, process } = opened()
  t.strictSame(done, [...taken, 'resume'])
  t.strictSame(heard(), [
    'stdin data 1',
    'stdin end 1',
    'stdin error 1',
    'stdout resize 1',
    ...['SIGCONT', 'exit', 'SIGTSTP', 'SIGQUIT', 'SIGINT', 'SIGTERM', 'SIGHUP'].map(
      (name) => `process ${name} 1`,
    ),
  ])
  terminal.close()
  t.strictSame([done.slice(4), heard()], [['pause', ...givenBack], []])
  process.emit('exit')
  terminal.close()
  t.strictSame([done.slice(7), events], [['pause'], []])
})

t.test('it is given back where the process ends without a close', async (t) => {
  const { done, process } = opened()
  process.emit('exit')
  process.emit('exit')
  t.strictSame(done.slice(4), givenBack)
})

t.test('the size is that of the window, or the usual one where nobody set it', async (t) => {
  t.strictSame(opened().terminal.size(), { columns: 90, rows: 30 })
  t.strictSame(opened({ columns: 0, rows: 0 }).terminal.size(), { columns: 80, rows: 24 })
})

t.test('what happens is told', async (t) => {
  const { events, stdin, stdout, process, done } = opened()
  stdin.emit('data', Buffer.from('qé'))
  stdin.emit('data', 'x')
  stdout.emit('resize')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.emit(signal)
  t.strictSame(events, [
    { kind: 'typed', text: 'qé' },
    { kind: 'typed', text: 'x' },
    { kind: 'changed' },
    ...Array.from({ length: 3 }, () => ({ kind: 'signal' })),
  ])
  t.equal(done.length, 4)
})

t.test('a terminal that is gone is told of', async (t) => {
  for (const name of ['end', 'error']) {
    const { events, stdin } = opened()
    stdin.emit(name, new Error('EIO'))
    t.strictSame(events, [{ kind: 'gone' }])
  }
})

t.test('a stop gives it back, has its usual effect, and takes it again', async (t) => {
  const { done, process, events, heard } = opened()
  const before = [...heard()].sort()
  process.emit('SIGTSTP')
  t.strictSame(done.slice(4), [...givenBack, 'kill 77 SIGTSTP', ...taken])
  t.strictSame([events, [...heard()].sort()], [[{ kind: 'changed' }], before])
  process.emit('SIGCONT')
  t.strictSame([done.slice(10), events.length], [taken, 2])
})

t.test('so does the signal for a dump of memory, which ends it', async (t) => {
  const { done, process, events } = opened()
  process.emit('SIGQUIT')
  t.strictSame([done.slice(4), events], [[...givenBack, 'kill 77 SIGQUIT'], []])
})

t.test('a stop that is asked for is one of the whole job', async (t) => {
  const { done, terminal } = opened()
  terminal.suspend()
  t.strictSame(done.slice(4), ['kill 0 SIGTSTP, which is heard'])
})

t.test('a terminal that is gone cannot be taken or given back, which is no fault', async (t) => {
  let isGone = false
  const fail = (): void => {
    if (isGone) throw new Error('EIO')
  }
  const { terminal, done, events, heard, process } = opened({ setRawMode: fail, out: fail })
  isGone = true
  process.emit('SIGCONT')
  t.strictSame([done.slice(4), events], [[], [{ kind: 'changed' }]])
  terminal.close()
  t.strictSame([done.slice(4), heard()], [['pause'], []])
})
