import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporary } from './run.ts'
import { needs } from './terminal.ts'

/** A shell in a terminal that tmux(1) shows to nobody. */
export interface TmuxShell {
  /** Types keys by the names that tmux has for them. */
  readonly keys: (...names: readonly string[]) => void
  /** Types a line and Enter. */
  readonly line: (text: string) => void
  /** The lines of the screen, without empty ones at its end. */
  readonly lines: () => readonly string[]
  /** Waits until the screen has a text, and gives its lines. */
  readonly until: (pattern: RegExp) => Promise<readonly string[]>
  /** Ends the terminal, as if its window were closed. */
  readonly close: () => void
  readonly resize: (columns: number, rows: number) => void
  /** Whether the other screen is shown, whether the cursor is, whether lines wrap. */
  readonly flags: () => string
  /** The process that the shell started last. */
  readonly child: () => number
}

/** How long a text may take to appear on a busy machine, in milliseconds. */
const patience = 10_000

export const openTmux = async (
  t: Test,
  columns: number,
  rows: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<TmuxShell> => {
  needs('tmux', 'tmux')
  const directory = temporary(t)
  const [socket, startUp] = [join(directory, 'socket'), join(directory, 'bashrc')]
  writeFileSync(startUp, "PS1='ready> '\n")
  // That of a user who never logs in ends at once.
  const usual = { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', SHELL: '/bin/sh' }
  const settings = { ...usual, ...environment }
  const variables = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
  const tmux = (...words: readonly string[]): string =>
    execFileSync(
      'env',
      ['-i', ...variables, 'tmux', '-u', '-S', socket, '-f', '/dev/null', ...words],
      {
        encoding: 'utf8',
      },
    )
  const size = ['-x', `${columns}`, '-y', `${rows}`]
  tmux('new-session', '-d', ...size, `exec bash --rcfile ${startUp} --noprofile --noediting -i`)
  let isOpen = true
  const close = (): void => {
    if (isOpen) tmux('kill-server')
    isOpen = false
  }
  t.teardown(close)
  const lines = (): readonly string[] => tmux('capture-pane', '-p').trimEnd().split('\n')
  const shown = (format: string): string => tmux('display-message', '-p', format).trim()
  const until = async (pattern: RegExp): Promise<readonly string[]> => {
    const deadline = Date.now() + patience
    for (;;) {
      const seen = lines()
      if (pattern.test(seen.join('\n'))) return seen
      if (Date.now() > deadline) throw new Error(`no ${pattern} in ${JSON.stringify(seen)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await until(/ready>/)
  return {
    keys: (...names) => tmux('send-keys', ...names),
    line: (text) => {
      tmux('send-keys', '-l', text)
      tmux('send-keys', 'Enter')
    },
    lines,
    until,
    close,
    resize: (width, height) => tmux('resize-window', '-x', `${width}`, '-y', `${height}`),
    flags: () => shown('#{alternate_on} #{cursor_flag} #{wrap_flag}'),
    child: () => {
      const shell = shown('#{pane_pid}')
      return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim())
    },
  }
}
