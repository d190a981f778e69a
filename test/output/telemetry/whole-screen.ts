import t from 'tap'
import type { TerminalEvent } from '../../../src/output/streams.ts'
import { frameText, openScreen } from '../../../src/output/telemetry/whole-screen.ts'

const line = '\u001b[K'
const frame = (...lines: readonly string[]): string =>
  `\u001b[?2026h\u001b[H${lines.map((text) => `${line}${text}`).join('\r\n')}\u001b[?2026l`

t.test('a frame writes every line of the screen, in one text', async (t) => {
  t.equal(frameText(['a', 'b'], 3), frame('a', 'b', ''))
  t.equal(frameText(['a', 'b'], 1), frame('a'))
})

/** A terminal of two lines, and what was done with it. */
const opened = async (
  environment: Readonly<Record<string, string>> = { TERM: 'xterm' },
  failure?: string,
) => {
  const done: string[] = []
  let tell: (event: TerminalEvent) => void = () => {}
  const note = (text: string) => () => {
    done.push(text)
  }
  const screen = await openScreen({
    out: (text) => {
      if (failure !== undefined) throw Object.assign(new Error('a write'), { code: failure })
      done.push(text)
    },
    err: note('err'),
    outIsTerminal: true,
    errIsTerminal: true,
    environment,
    openTerminal: async (heed) => {
      tell = heed
      return {
        size: () => ({ columns: 9, rows: 2 }),
        suspend: note('suspend'),
        close: note('close'),
      }
    },
  })
  return { screen, done, tell: (event: TerminalEvent) => tell(event) }
}

t.test('there is none on a dumb terminal, nor without one', async (t) => {
  t.equal((await opened({ TERM: 'dumb' })).screen, undefined)
  t.equal((await opened({ TERM: '' })).screen, undefined)
  t.equal((await opened({})).screen, undefined)
  const streams = { out: () => {}, err: () => {}, outIsTerminal: true, errIsTerminal: true }
  const environment = { TERM: 'xterm' }
  t.equal(await openScreen({ ...streams, environment }), undefined)
  const openTerminal = async () => undefined
  t.equal(await openScreen({ ...streams, environment, openTerminal }), undefined)
})

t.test('what is the same is not drawn again, unless the screen changed', async (t) => {
  const { screen, done, tell } = await opened()
  for (const lines of [['a'], ['a'], ['b']]) screen?.draw(lines)
  t.strictSame(done, [frame('a', ''), frame('b', '')])
  tell({ kind: 'changed' })
  screen?.draw(['b'])
  t.strictSame(done.slice(2), [frame('b', '')])
  screen?.close()
  t.strictSame([done[3], screen?.size()], ['close', { columns: 9, rows: 2 }])
})

t.test('keys wait until they are asked for, and are waited for', async (t) => {
  const { screen, tell } = await opened()
  tell({ kind: 'typed', text: 'ab' })
  t.strictSame([await screen?.key(60_000), await screen?.key(60_000)], ['a', 'b'])
  const waiting = screen?.key(60_000)
  tell({ kind: 'typed', text: '\u001b[A' })
  t.equal(await waiting, 'up')
  t.equal(await screen?.key(5), undefined, 'the time is up')
  const forever = screen?.key(Number.POSITIVE_INFINITY)
  // A timer that is too long for Node ends after a millisecond.
  await new Promise((resolve) => setTimeout(resolve, 20))
  tell({ kind: 'changed' })
  t.equal(await forever, '')
})

t.test('a signal ends the wait for a key', async (t) => {
  const { screen, tell } = await opened()
  const waiting = screen?.key(60_000)
  tell({ kind: 'signal' })
  t.equal(await waiting, undefined)
})

t.test('Ctrl-Z stops the process, and is no key', async (t) => {
  const { screen, done, tell } = await opened()
  tell({ kind: 'typed', text: 'a\u001ab' })
  t.strictSame(
    [await screen?.key(5), await screen?.key(5), await screen?.key(5)],
    ['a', 'b', undefined],
  )
  t.strictSame(done, ['suspend'])
})

t.test('a terminal that is gone is a key, seen by its events or by a write', async (t) => {
  const { screen, tell } = await opened()
  tell({ kind: 'gone' })
  t.equal(await screen?.key(5), 'hangup')
  const unwritable = (await opened(undefined, 'EIO')).screen
  unwritable?.draw(['a'])
  t.equal(await unwritable?.key(5), 'hangup')
  const full = (await opened(undefined, 'ENOSPC')).screen
  t.throws(() => full?.draw(['a']), { code: 'ENOSPC' })
})
