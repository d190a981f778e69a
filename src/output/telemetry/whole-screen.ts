import type { Streams, Terminal, TerminalEvent } from '../streams.ts'
import { keysIn } from './screen-keys.ts'

/** A terminal that a command fills, and whose keys it heeds. */
export interface WholeScreen extends Pick<Terminal, 'size' | 'close'> {
  readonly draw: (lines: readonly string[]) => void
  /**
   * Waits for a key, at most so many milliseconds; undefined where none came, or where a signal did. A
   * key without a name means that the screen is to be drawn again, and the key `hangup` that the
   * terminal is gone.
   */
  readonly key: (milliseconds: number) => Promise<string | undefined>
}

/** Terminals that know synchronised updates show a frame at once; others ignore these. */
const [frameBegin, frameEnd] = ['\u001b[?2026h', '\u001b[?2026l']
const home = '\u001b[H'
const clearLine = '\u001b[K'

/**
 * Makes the text of a whole frame. Every line is cleared before it is written: clearing behind a line
 * as wide as the screen would take its last character.
 */
export const frameText = (lines: readonly string[], rows: number): string => {
  const all = Array.from({ length: rows }, (_, row) => `${clearLine}${lines[row] ?? ''}`)
  return `${frameBegin}${home}${all.join('\r\n')}${frameEnd}`
}

/** The longest time that a timer of Node has, in milliseconds. */
const longest = 2 ** 31 - 1

/** Keys that wait to be heeded, and who waits for one. */
const keyQueue = () => {
  const keys: string[] = []
  let wake = (): void => {}
  return {
    add: (...typed: readonly string[]): void => {
      keys.push(...typed)
      wake()
    },
    next: async (milliseconds: number): Promise<string | undefined> => {
      if (keys.length === 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(milliseconds, longest))
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      return keys.shift()
    },
  }
}

/** The error of a write to a terminal that is gone (tty_write in drivers/tty/tty_io.c). */
const isHangup = (error: unknown): boolean => (error as { code?: unknown }).code === 'EIO'

/** A terminal that nobody names may know no sequences either. */
const isDumb = (name = ''): boolean => name === '' || name === 'dumb'

/** Fills the terminal of this process; undefined where it has none, or a dumb one. */
export const openScreen = async (streams: Streams): Promise<WholeScreen | undefined> => {
  const { environment, openTerminal } = streams
  if (isDumb(environment.TERM)) return undefined
  const queue = keyQueue()
  let drawn = ''
  const heed = (event: TerminalEvent): void => {
    if (event.kind === 'typed') {
      const keys = keysIn(event.text)
      if (keys.includes('ctrl-z')) terminal?.suspend()
      queue.add(...keys.filter((key) => key !== 'ctrl-z'))
    } else if (event.kind === 'changed') {
      drawn = ''
      queue.add('')
    } else if (event.kind === 'gone') queue.add('hangup')
    else queue.add()
  }
  const terminal = await openTerminal?.(heed)
  return (
    terminal && {
      size: terminal.size,
      close: terminal.close,
      key: queue.next,
      draw: (lines) => {
        const text = frameText(lines, terminal.size().rows)
        if (text === drawn) return
        drawn = text
        try {
          streams.out(text)
        } catch (error) {
          if (!isHangup(error)) throw error
          queue.add('hangup')
        }
      },
    }
  )
}
