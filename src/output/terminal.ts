import { stopSignals } from '../errors.ts'
import type { Streams, Terminal, TerminalEvent } from './streams.ts'

// This file is loaded only by what fills the whole terminal.

type Listener = Parameters<NodeJS.EventEmitter['on']>[1]

/** A source of events, whose listeners come and go. */
interface Source {
  readonly on: (name: string, listener: Listener) => unknown
  readonly removeListener: (name: string, listener: Listener) => unknown
}

/** What a process has of its terminal, and the signals that it gets and sends. */
export interface TerminalOwner extends Source {
  readonly pid: number
  readonly kill: (pid: number, signal: string) => unknown
  readonly stdin: Source & {
    readonly setRawMode: (raw: boolean) => unknown
    readonly resume: () => unknown
    readonly pause: () => unknown
  }
  readonly stdout: Source & { readonly columns: number; readonly rows: number }
}

/** The other screen, without a cursor and without a new line where one is too long. */
export const enterScreen = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J'
/** The screen as it was. A frame that was cut off is ended first. */
export const leaveScreen = '\u001b[?2026l\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l'

/** Returns the size of a terminal, which says 0 where nobody set it. */
const windowSize = ({ columns, rows }: TerminalOwner['stdout']) => ({
  columns: columns || 80,
  rows: rows || 24,
})

/** Takes the terminal and gives it back, as often as that is asked for. */
const ownership = ({ stdin }: TerminalOwner, out: Streams['out']) => {
  let isTaken = false
  const setRaw = (raw: boolean): void => {
    try {
      stdin.setRawMode(raw)
    } catch {
      // The terminal is gone.
    }
  }
  return {
    take: (): void => {
      isTaken = true
      // What stopped or continued this process may have set the mode that Node remembers.
      setRaw(false)
      setRaw(true)
      try {
        out(enterScreen)
      } catch {
        // What is drawn next tells why.
      }
    },
    giveBack: (): void => {
      if (!isTaken) return
      isTaken = false
      try {
        out(leaveScreen)
      } catch {
        // Nobody is left who could see it.
      }
      setRaw(false)
    },
  }
}

/**
 * Makes the listener of a signal that has its usual effect after the terminal was given back.
 * SIGTSTP then stops the process until it is continued. Where it does not, as without a shell, the
 * process goes on at once.
 */
const signalled = (owner: TerminalOwner, signal: string, before: () => void, after: () => void) => {
  const onSignal = (): void => {
    before()
    owner.removeListener(signal, onSignal)
    owner.kill(owner.pid, signal)
    owner.on(signal, onSignal)
    after()
  }
  return [owner, signal, onSignal] as const
}

/**
 * Takes the terminal and tells of what is typed, of a window that changed, and of signals. It is
 * given back by `close`, when the process ends in any way that Node notices, and while the process
 * is stopped.
 */
export const openTerminal = (
  owner: TerminalOwner,
  out: Streams['out'],
  heed: (event: TerminalEvent) => void,
): Terminal => {
  const { stdin, stdout } = owner
  const { take, giveBack } = ownership(owner, out)
  const changed = (): void => heed({ kind: 'changed' })
  const takeAgain = (): void => {
    take()
    changed()
  }
  const gone = (): void => heed({ kind: 'gone' })
  const listeners: readonly (readonly [Source, string, Listener])[] = [
    [stdin, 'data', (typed: Buffer | string) => heed({ kind: 'typed', text: `${typed}` })],
    [stdin, 'end', gone],
    [stdin, 'error', gone],
    [stdout, 'resize', changed],
    [owner, 'SIGCONT', takeAgain],
    [owner, 'exit', giveBack],
    signalled(owner, 'SIGTSTP', giveBack, takeAgain),
    signalled(owner, 'SIGQUIT', giveBack, () => {}),
    ...stopSignals.map((signal) => [owner, signal, () => heed({ kind: 'signal' })] as const),
  ]
  for (const [source, name, listener] of listeners) source.on(name, listener)
  take()
  stdin.resume()
  return {
    size: () => windowSize(stdout),
    // A shell waits for all of its job, which sudo(8) may be a part of.
    suspend: () => {
      owner.kill(0, 'SIGTSTP')
    },
    close: () => {
      for (const [source, name, listener] of listeners) source.removeListener(name, listener)
      stdin.pause()
      giveBack()
    },
  }
}
